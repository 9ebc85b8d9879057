package io.holdfast.itests;

import static io.holdfast.itests.Lab.soon;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is wrong in a directory of manifests: the pod that runs stays, the error is told, the others go on. */
class BadInputIT {

    @RegisterExtension
    final Lab lab = new Lab();

    static Stream<Arguments> edits() {
        String good = Pods.sleeper("web");
        return Stream.of(Arguments.of("broken YAML", good.replace("spec:", "spec: [")),
                Arguments.of("an unknown field", good.replace("image:", "imagee:")),
                Arguments.of("a duplicate key", good.replace("  hostNetwork: true", "  hostNetwork: true\n  hostNetwork: true")),
                Arguments.of("a wrong type", good.replace("hostNetwork: true", "hostNetwork: {a: b}")),
                Arguments.of("no name", good.replace("  name: web\n", "")),
                Arguments.of("a field that is not supported yet", good.replace("hostNetwork: true", "hostNetwork: true\n  hostUsers: false")),
                Arguments.of("an alias bomb", bomb()), Arguments.of("an empty file", ""),
                Arguments.of("half a manifest", good.substring(0, good.length() / 2)),
                Arguments.of("too large a file", good + "#" + "x".repeat(11 << 20)));
    }

    private static String bomb() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 30; i++) {
            bomb.append("a%d: &a%d [%s]\n".formatted(i, i, String.join(", ", Stream.generate(() -> "*a").limit(9)
                    .toList()).replace("*a", "*a" + (i - 1))));
        }
        return bomb.toString();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("edits")
    void aBrokenEditNeverHarmsTheRunningPod(String what, String text) throws Exception { // F5, design decision 2
        lab.agent().start().manifest("web.yaml", Pods.sleeper("web"));
        String container = lab.running("web").id();
        lab.agent().manifest("web.yaml", text);
        soon(() -> assertThat(lab.agent().cli("source:errors").out()).contains("web.yaml"));
        lab.agent().manifest("other.yaml", Pods.sleeper("other"));
        lab.running("other");
        assertThat(lab.running("web").id()).isEqualTo(container);
        assertThat(lab.agent().cli("pod:describe", "web").out()).contains("stays as it was");
        lab.agent().manifest("web.yaml", Pods.sleeper("web"));
        soon(() -> assertThat(lab.agent().cli("source:errors").out()).doesNotContain("web.yaml"));
        assertThat(lab.running("web").id()).isEqualTo(container);
    }

    static Stream<Arguments> wishes() {
        return Stream.of(Arguments.of("an image that is not there", "image: nowhere.invalid/none:1\n    imagePullPolicy: Never",
                "image \"nowhere.invalid/none:1\" is not there"),
                Arguments.of("what the engine cannot do", spec("securityContext: {supplementalGroupsPolicy: Strict}"),
                        "supplementalGroupsPolicy Strict"),
                Arguments.of("what the node does not allow",
                        spec("securityContext: {sysctls: [{name: kernel.msgmax, value: \"9000\"}]}"), "forbidden sysctl"),
                Arguments.of("an image whose user is root", spec("securityContext: {runAsNonRoot: true}"), "will run as root"),
                Arguments.of("no such runtime", spec("runtimeClassName: kata"), "runtimeClassName 'kata' stands for no runtime"));
    }

    private static String spec(String line) {
        return "hostNetwork: true\n  " + line;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wishes")
    void anEditThatCannotBeRunHarmsNothingThatRuns(String what, String edit, String why) throws Exception { // design decision 2
        lab.agent().start().manifest("web.yaml", Pods.sleeper("web"));
        String container = lab.running("web").id();
        lab.agent().manifest("web.yaml", Pods.sleeper("web").replace(
                edit.startsWith("image") ? "image: " + Agent.IMAGE : "hostNetwork: true", edit));
        soon(() -> assertThat(lab.agent().cli("pod:describe", "web").out().replaceAll("\\s+", " "))
                .contains("Held: its manifest was changed, but cannot be run yet").contains(why));
        assertThat(lab.running("web").id()).isEqualTo(container);
        lab.engine().kill(container); // it is cared for as before
        soon(() -> assertThat(lab.engine().running("web-node1")).singleElement()
                .satisfies(c -> assertThat(c.attempt()).isEqualTo(1)));
        lab.agent().manifest("web.yaml", Pods.sleeper("web").replace("app: web", "app: mended"));
        soon(() -> {
            assertThat(lab.engine().running("web-node1")).singleElement().satisfies(c -> assertThat(c.attempt()).isZero());
            assertThat(lab.engine().sandboxes("web-node1").getFirst().labels()).containsEntry("app", "mended");
        });
    }

    @Test
    void aFileThatIsNotUtf8IsRefused() throws Exception {
        lab.agent().start();
        Files.createDirectories(lab.agent().manifests());
        Files.write(lab.agent().manifests().resolve("latin.yaml"),
                Pods.sleeper("café").getBytes(StandardCharsets.ISO_8859_1));
        soon(() -> assertThat(lab.agent().cli("source:errors").out()).contains("latin.yaml").contains("UTF-8"));
    }

    @Test
    void twoFilesWithTheSamePod() throws Exception { // S5
        lab.agent().start().manifest("web.yaml", Pods.sleeper("web"));
        String container = lab.running("web").id();
        lab.agent().manifest("aaa.yaml", Pods.sleeper("web").replace("app: web", "app: other"));
        soon(() -> assertThat(lab.agent().cli("source:errors").out()).contains("aaa.yaml").contains("web.yaml"));
        assertThat(lab.running("web").id()).isEqualTo(container);
        lab.agent().remove("web.yaml");
        soon(() -> {
            assertThat(lab.running("web").id()).isNotEqualTo(container);
            assertThat(lab.engine().sandboxes("web-node1").getFirst().labels()).containsEntry("app", "other");
        });
    }

    @Test
    void aHalfWrittenFileIsNotBelieved() throws Exception { // F4
        lab.agent().start();
        Path file = lab.agent().manifests().resolve("web.yaml");
        String text = Pods.sleeper("web");
        Files.writeString(file, text.substring(0, 60));
        soon(() -> assertThat(lab.agent().cli("source:errors").out()).contains("web.yaml"));
        Files.writeString(file, text.substring(60), StandardOpenOption.APPEND);
        lab.running("web");
        soon(() -> assertThat(lab.agent().cli("source:errors").out()).doesNotContain("web.yaml"));
    }

    @Test
    void whatIsNoRegularFileIsNeverOpened() throws Exception { // F8
        Path fifo = lab.agent().manifests().resolve("fifo.yaml");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor()).isZero();
        Files.createDirectory(lab.agent().manifests().resolve("dir.yaml"));
        try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            socket.bind(UnixDomainSocketAddress.of(lab.agent().manifests().resolve("socket.yaml")));
            lab.agent().start().manifest("web.yaml", Pods.sleeper("web"));
            lab.running("web"); // an agent that opened the FIFO would wait there for ever
        }
    }

    @Test
    void aFileThatCannotBeReadIsAnErrorOfThatFileAlone() throws Exception { // F9; root can read all but this
        lab.agent().start().manifest("web.yaml", Pods.sleeper("web"));
        String container = lab.running("web").id();
        Path file = lab.agent().manifests().resolve("web.yaml");
        Path loop = lab.directory().resolve("loop");
        Files.createSymbolicLink(loop, loop);
        Path link = lab.agent().manifests().resolve(".next");
        Files.createSymbolicLink(link, loop);
        Files.move(link, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        soon(() -> assertThat(lab.agent().cli("source:errors").out()).contains("web.yaml"));
        assertThat(lab.running("web").id()).isEqualTo(container);
    }

    @Test
    void aDirectoryThatGoesAndComesBackTakesNoPodWithIt() throws Exception { // F5b
        lab.agent().start().manifest("web.yaml", Pods.sleeper("web"));
        String container = lab.running("web").id();
        Path away = lab.agent().manifests().resolveSibling("away");
        Files.move(lab.agent().manifests(), away);
        soon(() -> assertThat(lab.agent().cli("source:list").out()).containsIgnoringCase("failed"));
        assertThat(lab.running("web").id()).isEqualTo(container);
        Files.move(away, lab.agent().manifests());
        soon(() -> assertThat(lab.agent().cli("source:list").out()).doesNotContainIgnoringCase("failed"));
        assertThat(lab.running("web").id()).isEqualTo(container);
        lab.agent().remove("web.yaml"); // and now the file, from a directory that is there
        lab.gone("web");
    }
}
