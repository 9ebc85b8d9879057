package io.holdfast.itests;

import static io.holdfast.itests.Lab.soon;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** ConfigMaps and Secrets (behaviour I4): how they come into containers, how they change there, and where they never are. */
class ConfigurationIT {

    @RegisterExtension
    static final Lab LAB = new Lab();

    @BeforeAll
    static void start() throws IOException {
        LAB.agent().start();
    }

    private static void configMap(String name, String data) throws IOException {
        LAB.agent().manifest(name + "-map.yaml", """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: %s}
                data: {%s}
                """.formatted(name, data));
    }

    private static void secret(String name, String data) throws IOException {
        LAB.agent().manifest(name + "-secret.yaml", """
                apiVersion: v1
                kind: Secret
                metadata: {name: %s}
                stringData: {%s}
                """.formatted(name, data));
    }

    /** @param container what its only container has beside a script */
    private static void pod(String name, String script, String container, String spec) throws IOException {
        LAB.agent().manifest(name + ".yaml", Pods.shell(name, script).replace("PeriodSeconds: 2", "PeriodSeconds: 0")
                + container.indent(4) + spec.indent(2));
    }

    private static void sleeper(String name, String container, String spec) throws IOException {
        pod(name, "exec sleep 3600", container, spec);
    }

    private static String inside(String pod, String script) {
        return LAB.engine().exec(LAB.running(pod).id(), "sh", "-c", script);
    }

    private static int restarts(String pod) throws IOException, InterruptedException {
        return LAB.status(pod).at("/containerStatuses/0/restartCount").asInt();
    }

    @Test
    void aPodWaitsForWhatItNeedsAndStartsWhenItComes() throws Exception { // I4
        sleeper("needy", """
                envFrom:
                - {prefix: MAP_, configMapRef: {name: needed}}
                - secretRef: {name: needed}
                - secretRef: {name: nobody-needs-this, optional: true}
                env:
                - {name: USER_NAME, valueFrom: {secretKeyRef: {name: needed, key: user}}}
                - {name: NONE, valueFrom: {configMapKeyRef: {name: needed, key: none, optional: true}}}
                - {name: GREETING, value: "$(MAP_hello), $(USER_NAME); $$(user) $(NONE)"}
                """, "");
        soon(() -> assertThat(LAB.status("needy").at("/containerStatuses/0/state/waiting/message").asText())
                .isEqualTo("configmap \"needed\" not found"));
        configMap("needed", "hello: good day");
        soon(() -> assertThat(LAB.status("needy").at("/containerStatuses/0/state/waiting/message").asText())
                .isEqualTo("secret \"needed\" not found"));
        assertThat(LAB.status("needy").at("/containerStatuses/0/state/waiting/reason").asText())
                .isEqualTo("CreateContainerConfigError");
        assertThat(LAB.status("needy").at("/phase").asText()).isEqualTo("Pending");
        secret("needed", "user: anna");
        assertThat(inside("needy", "echo $GREETING")).isEqualTo("good day, anna; $(user) $(NONE)\n");
        assertThat(inside("needy", "echo $user; echo ${NONE-not set}")).isEqualTo("anna\nnot set\n");
    }

    @Test
    void filesChangeAllAtOnceAndWithoutARestart() throws Exception {
        configMap("pair", "left: '0', right: '0'");
        pod("reader", """
                cd /; while :; do
                  if cd -P /pair/..data && l=$(cat left) && r=$(cat right) && [ "$l" != "$r" ];
                  then echo $l $r >> /torn; fi
                done 2>/dev/null""".replace("\n", " "), "volumeMounts: [{name: pair, mountPath: /pair}]",
                "volumes: [{name: pair, configMap: {name: pair}}]");
        String container = LAB.running("reader").id();
        for (int i = 1; i <= 10; i++) {
            String now = Integer.toString(i);
            configMap("pair", "left: '" + now + "', right: '" + now + "'");
            soon(() -> assertThat(LAB.engine().exec(container, "cat", "/pair/left", "/pair/right")).isEqualTo(now + now));
        }
        assertThat(LAB.engine().exec(container, "sh", "-c", "cat /torn 2>/dev/null; readlink /pair/left"))
                .isEqualTo("..data/left\n");
        assertThat(LAB.running("reader").id()).isEqualTo(container);
    }

    @Test
    void whoCannotSeeAChangeIsRestartedUnlessItSaysNo() throws Exception {
        configMap("level", "level: low");
        sleeper("by-env", "env: [{name: LEVEL, valueFrom: {configMapKeyRef: {name: level, key: level}}}]", "");
        sleeper("by-env-from", "envFrom: [{configMapRef: {name: level}}]", "");
        sleeper("by-sub-path", "volumeMounts: [{name: level, mountPath: /level, subPath: level}]",
                "volumes: [{name: level, configMap: {name: level}}]");
        LAB.agent().manifest("not-me.yaml", Pods.sleeper("not-me").replace("labels:",
                "annotations: {holdfast.io/on-config-change: ignore}\n  labels:")
                + "    envFrom: [{configMapRef: {name: level}}]\n");
        String untouched = LAB.running("not-me").id();
        assertThat(inside("by-env", "echo $LEVEL")).isEqualTo("low\n");
        assertThat(inside("by-env-from", "echo $level")).isEqualTo("low\n");
        assertThat(inside("by-sub-path", "cat /level")).isEqualTo("low");
        configMap("level", "level: high");
        for (String pod : List.of("by-env", "by-env-from", "by-sub-path")) {
            soon(() -> assertThat(restarts(pod)).as(pod).isEqualTo(1));
        }
        assertThat(inside("by-env", "echo $LEVEL")).isEqualTo("high\n");
        assertThat(inside("by-env-from", "echo $level")).isEqualTo("high\n");
        assertThat(inside("by-sub-path", "cat /level")).isEqualTo("high");
        assertThat(LAB.running("not-me").id()).isEqualTo(untouched);
    }

    @Test
    void aSecretIsNowhereButInItsContainerAndInMemory() throws Exception {
        String value = "hush-" + System.nanoTime();
        secret("hidden", "password: " + value);
        sleeper("keeper", """
                env: [{name: PASSWORD, valueFrom: {secretKeyRef: {name: hidden, key: password}}}]
                volumeMounts: [{name: hidden, mountPath: /hidden}]
                """, "volumes: [{name: hidden, secret: {secretName: hidden}}]");
        assertThat(inside("keeper", "cat /hidden/password; echo $PASSWORD")).isEqualTo(value + value + "\n");
        assertThat(inside("keeper", "mount")).containsPattern("on /hidden type tmpfs");
        for (String[] command : new String[][] {{"pod:describe", "keeper"}, {"pod:list", "-o", "json"}, {"config:list"}}) {
            assertThat(LAB.agent().cli(command).out()).as("%s", (Object) command).contains("hidden").doesNotContain(value);
        }
        assertThat(LAB.agent().log()).contains("keeper").doesNotContain(value);
        assertThat(filesOnDisk()).as("of the agent").isNotEmpty()
                .noneMatch(file -> read(file).contains(value));
    }

    /** All that the agent keeps, but for the manifests, which are the user's. */
    private static List<Path> filesOnDisk() throws IOException {
        try (Stream<Path> files = Files.walk(LAB.agent().home())) {
            return files.filter(f -> Files.isRegularFile(f) && !f.startsWith(LAB.agent().manifests()) && isOnDisk(f)).toList();
        }
    }

    private static boolean isOnDisk(Path file) {
        try {
            return !Files.getFileStore(file).type().equals("tmpfs");
        } catch (IOException e) {
            return false; // gone in between
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, ISO_8859_1);
        } catch (IOException e) {
            return ""; // gone in between
        }
    }
}
