package io.holdfast.reconciler;

import static io.holdfast.reconciler.TestPods.NOW;
import static io.holdfast.reconciler.TestPods.name;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.holdfast.runtime.ContainerRuntime.ContainerId;
import io.holdfast.runtime.Names;
import io.holdfast.runtime.ObservedPod;
import io.holdfast.runtime.ObservedPod.Sandbox;
import io.holdfast.runtime.ObservedPod.State;

class TerminationMessagesTest { // T4

    private static final String FROM_LOG = "FallbackToLogsOnError";

    @TempDir
    Path directory;

    @Test
    void isWhatTheContainerWroteIntoItsFile() throws IOException {
        write("out of coffee");
        assertThat(message("File", 1)).isEqualTo("out of coffee");
        assertThat(message(FROM_LOG, 1)).isEqualTo("out of coffee");
    }

    @Test
    void isAtMost4096Bytes() throws IOException {
        write("x".repeat(5000));
        assertThat(message("File", 0)).hasSize(4096);
    }

    @Test
    void isEmptyWithoutAFile() {
        assertThat(message("File", 1)).isEmpty();
    }

    @Test
    void isTheEndOfTheLogOnErrorWhenThePolicySaysSo() throws IOException {
        log("first", "second");
        assertThat(message(FROM_LOG, 1)).isEqualTo("first\nsecond");
        assertThat(message(FROM_LOG, 0)).isEmpty();
        assertThat(message("File", 1)).isEmpty();
    }

    @Test
    void isAtMost80LinesOfTheLog() throws IOException {
        log(IntStream.range(0, 500).mapToObj(i -> "line " + i).toArray(String[]::new));
        assertThat(message(FROM_LOG, 1).lines()).hasSize(80).first().isEqualTo("line 420");
        assertThat(message(FROM_LOG, 1)).endsWith("line 499");
    }

    @Test
    void isAtMost2048BytesOfTheLog() throws IOException {
        log(IntStream.range(0, 100).mapToObj(i -> i + " " + "x".repeat(200)).toArray(String[]::new));
        assertThat(message(FROM_LOG, 1)).hasSize(2048).endsWith("\n99 " + "x".repeat(200));
    }

    @Test
    void whatTheEngineSaysGoesBefore() throws IOException {
        write("out of coffee");
        assertThat(message("File", new State.Exited(128, "StartError", "no such file", NOW, NOW))).isEqualTo("no such file");
    }

    @Test
    void saysWhenTheLogCannotBeRead() {
        assertThat(message(FROM_LOG, 1)).startsWith("cannot read the log: ");
    }

    @Test
    void isPutWithTheEndedContainersOnly() throws IOException {
        write("bye");
        Sandbox sandbox = TestPods.ready("v1", 0, TestPods.running("app", 3), TestPods.exited("app", 2, 1));
        Sandbox told = TerminationMessages.within(node(), name("web-n"), sandbox);
        assertThat(told.containers().getFirst()).isEqualTo(sandbox.containers().getFirst());
        assertThat(told.containers().getLast().state()).isInstanceOfSatisfying(State.Exited.class,
                e -> assertThat(e.message()).isEqualTo("bye"));
    }

    private String message(String policy, int code) {
        return message(policy, new State.Exited(code, "", "", NOW, NOW));
    }

    private String message(String policy, State.Exited exited) {
        ObservedPod.Container container = new ObservedPod.Container(new ContainerId("c"), "app", 2, exited, "i", "i",
                directory.resolve("2.log").toString(), Map.of(), Map.of(Names.TERMINATION_MESSAGE_POLICY, policy));
        return TerminationMessages.of(node(), name("web-n"), "v1", container, exited);
    }

    private void write(String words) throws IOException {
        Path file = PodDirectory.of(node(), name("web-n"), "v1").terminationMessage("app", 2);
        Files.writeString(PodFiles.terminationMessage(file), words);
    }

    private void log(String... lines) throws IOException {
        Files.writeString(directory.resolve("2.log"), java.util.Arrays.stream(lines)
                .map(l -> "2026-01-01T00:00:00.123456789Z stderr F " + l + "\n").collect(Collectors.joining()));
    }

    private TestPods.TestNode node() {
        return TestPods.TestNode.in(directory);
    }
}
