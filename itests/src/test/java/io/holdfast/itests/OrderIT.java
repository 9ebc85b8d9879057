package io.holdfast.itests;

import static io.holdfast.itests.Lab.soon;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Which pods come before others, and what is ready only when somebody says so. */
class OrderIT {

    @RegisterExtension
    static final Lab LAB = new Lab();

    @BeforeAll
    static void start() throws IOException {
        LAB.agent().start();
    }

    /** @param before the pod it comes after, or empty */
    private static String after(String pod, String before, String rest) {
        return """
                apiVersion: v1
                kind: Pod
                metadata: {name: %s%s}
                spec:
                  hostNetwork: true
                  terminationGracePeriodSeconds: 10
                  volumes: [{name: notes, hostPath: {path: %s, type: DirectoryOrCreate}}]
                  containers:
                  - name: main
                    image: %s
                    volumeMounts: [{name: notes, mountPath: /notes}]
                """.formatted(pod, before.isEmpty() ? "" : ", annotations: {holdfast.io/after: " + before + "}", LAB.directory().resolve("notes"), Agent.IMAGE) + rest.indent(4);
    }

    private static String noting(String pod) {
        return "command: [sh, -c, 'trap \"sleep 0.5; echo %s ends >> /notes/log; exit 0\" TERM; ".formatted(pod)
                + "echo %s >> /notes/log; while :; do sleep 9 & wait; done']%n".formatted(pod);
    }

    private static String reason(String pod) throws IOException, InterruptedException {
        return LAB.status(pod).path("reason").asText();
    }

    private static String ready(String pod) throws IOException, InterruptedException {
        return LAB.status(pod).path("conditions").valueStream().filter(c -> c.path("type").asText().equals("Ready"))
                .map(c -> c.path("status").asText()).findFirst().orElse("");
    }

    @Test
    void aPodStartsOnceThoseBeforeItAreReadyAndEndsBeforeThem() throws Exception {
        Path notes = Files.createDirectories(LAB.directory().resolve("notes"));
        LAB.agent().manifest("both.yaml", after("app", "db", noting("app")) + "---\n" + after("db", "", noting("db")
                + "readinessProbe: {exec: {command: [test, -e, /notes/ready]}, periodSeconds: 1}"));
        assertThat(Lab.lines(notes.resolve("log"), 1)).containsExactly("db");
        soon(() -> assertThat(reason("app")).isEqualTo("WaitingForPods"));
        assertThat(LAB.engine().sandboxes("app-node1")).isEmpty();
        assertThat(LAB.agent().cli("pod:describe", "app").out()).contains("db-node1");
        Files.createFile(notes.resolve("ready"));
        assertThat(Lab.lines(notes.resolve("log"), 2)).containsExactly("db", "app");
        LAB.agent().remove("both.yaml");
        assertThat(Lab.lines(notes.resolve("log"), 4).subList(2, 4)).containsExactly("app ends", "db ends");
        LAB.gone("db");
    }

    @Test
    void podsInACircleSaySoAndStartWhenItIsBroken() throws Exception {
        LAB.agent().manifest("circle.yaml", after("hen", "egg", noting("hen")) + "---\n" + after("egg", "hen", noting("egg")));
        soon(() -> assertThat(reason("hen") + reason("egg")).isEqualTo("CircularOrder".repeat(2)));
        assertThat(LAB.agent().cli("pod:describe", "hen").out()).contains("egg");
        LAB.agent().manifest("circle.yaml", after("hen", "egg", noting("hen")) + "---\n" + after("egg", "", noting("egg")));
        LAB.running("egg");
        LAB.running("hen");
        LAB.agent().remove("circle.yaml");
        LAB.gone("hen");
        LAB.gone("egg");
    }

    @Test
    void aReadinessGateIsOpenedByCommandAndStaysSoThoughTheAgentIsKilled() throws Exception {
        LAB.agent().manifest("gated.yaml", Pods.sleeper("gated").replace("  hostNetwork:",
                "  readinessGates: [{conditionType: example.com/served}]\n  hostNetwork:"));
        String container = LAB.running("gated").id();
        soon(() -> assertThat(ready("gated")).isEqualTo("False"));
        assertThat(LAB.agent().cli("pod:condition", "gated", "example.com/served", "true").exitCode()).isZero();
        soon(() -> assertThat(ready("gated")).isEqualTo("True"));
        LAB.agent().kill();
        LAB.agent().start();
        soon(() -> assertThat(ready("gated")).isEqualTo("True"));
        LAB.agent().cli("pod:condition", "gated", "example.com/served", "false", "Draining", "by hand");
        soon(() -> assertThat(ready("gated")).isEqualTo("False"));
        assertThat(LAB.agent().cli("pod:describe", "gated").out()).contains("Draining");
        assertThat(LAB.running("gated").id()).isEqualTo(container);
        assertThat(LAB.agent().cli("pod:condition", "gated", "example.com/served", "perhaps").exitCode()).isNotZero();
        LAB.agent().remove("gated.yaml");
        LAB.gone("gated");
    }
}
