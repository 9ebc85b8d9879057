package io.holdfast.itests;

import static io.holdfast.itests.Lab.soon;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Volumes (behaviour G3) as a container has them, and what is left of them on the node. */
class VolumesIT {

    @RegisterExtension
    static final Lab LAB = new Lab();

    @BeforeAll
    static void start() throws IOException {
        LAB.agent().config("io.holdfast.reconciler", "restart.backoff.seconds=1", "restart.backoff.max.seconds=1");
        LAB.agent().start();
    }

    private static void sleeper(String name, String container, String spec) throws IOException {
        LAB.agent().manifest(name + ".yaml", Pods.shell(name, "exec sleep 3600").replace("PeriodSeconds: 2", "PeriodSeconds: 0")
                + container.indent(4) + spec.indent(2));
    }

    private static String inside(String pod, String script) {
        return LAB.engine().exec(LAB.running(pod).id(), "sh", "-c", script);
    }

    private static Path directory(String name) throws IOException {
        return Files.createDirectories(LAB.directory().resolve(name));
    }

    private static void command(String... command) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).as("%s", (Object) command).isZero();
    }

    @Test
    void aHostPathIsWhatItsTypeSays() throws Exception {
        Path at = directory("types");
        Files.createDirectory(at.resolve("Directory"));
        Files.writeString(at.resolve("File"), "content");
        command("mknod", at.resolve("CharDevice").toString(), "c", "1", "3");
        command("mknod", at.resolve("BlockDevice").toString(), "b", "7", "77");
        List<String> types = List.of("DirectoryOrCreate", "Directory", "FileOrCreate", "File", "Socket", "CharDevice",
                "BlockDevice");
        try (var socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            socket.bind(UnixDomainSocketAddress.of(at.resolve("Socket")));
            sleeper("typed", "volumeMounts:\n" + types.stream().map(t -> "- {name: %s, mountPath: /types/%s}\n"
                    .formatted(t.toLowerCase(Locale.ROOT), t)).collect(Collectors.joining()),
                    "volumes:\n" + types.stream().map(t -> "- {name: %s, hostPath: {path: %s/%s, type: %s}}\n"
                            .formatted(t.toLowerCase(Locale.ROOT), at, t, t)).collect(Collectors.joining()));
            assertThat(inside("typed", "cd /types; stat -c '%n %F' *").lines()).containsExactly(
                    "BlockDevice block special file", "CharDevice character special file", "Directory directory",
                    "DirectoryOrCreate directory", "File regular file", "FileOrCreate regular empty file", "Socket socket");
        }
        Path other = at.resolve("CharDevice");
        sleeper("mistyped", "", "volumes: [{name: a, hostPath: {path: %s, type: BlockDevice}}]".formatted(other));
        soon(() -> assertThat(LAB.status("mistyped").at("/message").asText())
                .isEqualTo("volume \"a\": hostPath type check failed: " + other + " is not a BlockDevice"));
        assertThat(LAB.status("mistyped").at("/reason").asText()).isEqualTo("FailedMount");
        LAB.agent().remove("typed.yaml");
        LAB.gone("typed");
        assertThat(Files.readString(at.resolve("File"))).as("the node's own").isEqualTo("content");
        assertThat(at.resolve("DirectoryOrCreate")).isDirectory();
    }

    @Test
    void aVolumeBelongsToTheGroupOfThePod() throws Exception {
        sleeper("grouped", """
                volumeMounts:
                - {name: disk, mountPath: /disk}
                - {name: memory, mountPath: /memory}
                - {name: text, mountPath: /text}
                """, """
                securityContext: {runAsUser: 1000, fsGroup: 4242, fsGroupChangePolicy: Always}
                volumes:
                - {name: disk, emptyDir: {}}
                - {name: memory, emptyDir: {medium: Memory, sizeLimit: 64Ki}}
                - {name: text, downwardAPI: {defaultMode: 0400, items: [{path: name, fieldRef: {fieldPath: metadata.name}}]}}
                """);
        assertThat(inside("grouped", "touch /disk/x /memory/x && stat -c %g /disk /memory /disk/x /memory/x"))
                .isEqualTo("4242\n".repeat(4));
        assertThat(inside("grouped", "cat /text/name; stat -Lc ' %g %a' /text/name")).isEqualTo("grouped-node1 4242 440\n");
        assertThat(inside("grouped", "dd if=/dev/zero of=/memory/big bs=100k count=1")).contains("No space left on device");
    }

    @Test
    void whatIsReadOnlyIsSoAsFarAsTheEngineCan() throws Exception {
        Path data = directory("read-only");
        command("mount", "-t", "tmpfs", "below", Files.createDirectory(data.resolve("below")).toString());
        String volume = "volumes: [{name: data, hostPath: {path: %s}}]".formatted(data);
        String mount = "volumeMounts: [{name: data, mountPath: /data, readOnly: true%s}]";
        sleeper("not-below", mount.formatted(""), volume);
        sleeper("if-possible", mount.formatted(", recursiveReadOnly: IfPossible"), volume);
        sleeper("recursive", mount.formatted(", recursiveReadOnly: Enabled"), volume);
        assertThat(inside("not-below", "touch /data/x; touch /data/below/x && echo written")).contains("/data/x: Read-only",
                "written\n");
        assertThat(inside("if-possible", "touch /data/x")).contains("Read-only");
        soon(() -> assertThat(LAB.status("recursive").at("/containerStatuses/0/state/waiting/message").asText())
                .contains("the mount at /data", "cannot make what is mounted below it read-only too"));
    }

    /** A container that makes a directory a link and back, all the time, while others are started with a part of it. */
    @Test
    void aSubPathNeverLeadsOutOfItsVolume() throws Exception {
        Path data = directory("swapped");
        Path outside = directory("outside");
        Files.writeString(outside.resolve("secret"), "not yours");
        LAB.agent().manifest("swapper.yaml", Pods.withVolume("swapper", "cd /data; while :; do mkdir part; rmdir part; ln -s "
                + outside + " part; rm -f part; ln -s ../outside part; rm -f part; done 2>/dev/null", data));
        LAB.running("swapper");
        String victims = IntStream.range(0, 8).mapToObj(i -> """
                - name: victim%d
                  image: %s
                  command: [sh, -c, 'echo ran >> /all/runs; test -e /part/secret && echo secret >> /all/escaped; sleep 0.2']
                  volumeMounts:
                  - {name: data, mountPath: /all}
                  - {name: data, mountPath: /part, subPathExpr: %s}
                """.formatted(i, Agent.IMAGE, i % 2 == 0 ? "part" : "part/deeper")).collect(Collectors.joining());
        LAB.agent().manifest("victims.yaml", """
                apiVersion: v1
                kind: Pod
                metadata: {name: victims}
                spec:
                  hostNetwork: true
                  terminationGracePeriodSeconds: 0
                  volumes: [{name: data, hostPath: {path: %s}}]
                  containers:
                """.formatted(data) + victims.indent(2));
        Lab.lines(data.resolve("runs"), 16);
        assertThat(data.resolve("escaped")).doesNotExist();
        LAB.agent().remove("victims.yaml");
        LAB.agent().remove("swapper.yaml");
        LAB.gone("victims");
        assertThat(outside).isDirectoryContaining(f -> f.endsWith("secret"));
        try (var files = Files.list(outside)) {
            assertThat(files).as("made or deleted outside").hasSize(1);
        }
    }

    @Test
    void allOfAPodGoesAlsoWhenTheAgentWasKilledAndNothingOfTheNodes() throws Exception {
        Path data = directory("kept");
        Files.writeString(data.resolve("mine"), "mine");
        LAB.agent().manifest("objects.yaml", """
                {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "all"}, "stringData": {"key": "value"}}
                """);
        sleeper("all", """
                volumeMounts:
                - {name: disk, mountPath: /disk}
                - {name: memory, mountPath: /memory}
                - {name: secret, mountPath: /secret}
                - {name: secret, mountPath: /one-file, subPath: key}
                - {name: projected, mountPath: /projected}
                - {name: data, mountPath: /data}
                - {name: data, mountPath: /mine, subPath: mine}
                """, """
                volumes:
                - {name: disk, emptyDir: {}}
                - {name: memory, emptyDir: {medium: Memory}}
                - {name: secret, secret: {secretName: all}}
                - {name: projected, projected: {sources: [{secret: {name: all}}]}}
                - {name: data, hostPath: {path: %s}}
                """.formatted(data));
        assertThat(inside("all", "cat /mine /one-file; ln -s " + data + " /disk/out; ln -s " + data + " /memory/out"))
                .isEqualTo("minevalue");
        Path directory = LAB.agent().home().resolve("var/pods/" + LAB.running("all").labels().get("io.kubernetes.pod.uid"));
        assertThat(mountsBelow(directory)).hasSize(5);
        LAB.agent().kill();
        LAB.agent().remove("all.yaml");
        LAB.agent().start();
        LAB.gone("all");
        soon(() -> assertThat(directory).doesNotExist());
        assertThat(mountsBelow(directory)).isEmpty();
        assertThat(Files.readString(data.resolve("mine"))).isEqualTo("mine");
    }

    private static List<String> mountsBelow(Path directory) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/mounts")).stream().filter(m -> m.contains(" " + directory + "/")).toList();
    }
}
