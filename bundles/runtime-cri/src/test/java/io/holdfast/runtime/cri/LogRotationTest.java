package io.holdfast.runtime.cri;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.holdfast.kit.log.LogLimits;
import io.holdfast.pod.PodName;
import io.holdfast.runtime.ContainerRuntime.ContainerId;
import io.holdfast.runtime.ContainerRuntime.SandboxId;
import io.holdfast.runtime.ObservedPod;
import io.holdfast.runtime.RuntimeUnreachable;

/** Behaviour G2. */
class LogRotationTest {

    private static final Instant NOON = Instant.parse("2026-05-01T12:00:00Z");

    @TempDir
    Path directory;

    private Path log;
    private Instant now = NOON;
    private final List<String> reopened = new ArrayList<>();
    private boolean away;

    @BeforeEach
    void write() throws IOException {
        log = Files.writeString(directory.resolve("0.log"), "first");
        Files.writeString(directory.resolve("1.log.20260101-000000"), "another container's");
    }

    private LogRotation rotation(int files) {
        LogRotation rotation = new LogRotation(new RotatedLogs(LogLimits.of("pid", "5", files), () -> now), this::reopen);
        rotation.observed(List.of(pod(new ObservedPod.State.Running(NOON))));
        return rotation;
    }

    private void reopen(ContainerId id) {
        if (away) {
            throw new RuntimeUnreachable("no answer", null);
        }
        reopened.add(id.value());
        try {
            Files.writeString(log, "");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private ObservedPod pod(ObservedPod.State state) {
        ObservedPod.Container container = new ObservedPod.Container(new ContainerId("c1"), "main", 0, state, "i", "i",
                log.toString(), Map.of(), Map.of());
        return new ObservedPod(new PodName("default", "web-n"), List.of(new ObservedPod.Sandbox(new SandboxId("s1"), "uid",
                0, true, NOON, List.of(), Map.of(), Map.of(), List.of(container))));
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(f -> f.getFileName().toString()).filter(f -> f.startsWith("0")).sorted().toList();
        }
    }

    @Test
    void aFullLogIsMovedAsideAndTheEngineWritesOn() throws Exception {
        rotation(3).round();
        assertThat(reopened).containsExactly("c1");
        assertThat(files()).containsExactly("0.log", "0.log.20260501-120000");
        assertThat(directory.resolve("0.log.20260501-120000")).hasContent("first");
    }

    @Test
    void oneThatHasRoomIsLeftAlone() throws Exception {
        Files.writeString(log, "four");
        rotation(3).round();
        assertThat(reopened).isEmpty();
        assertThat(files()).containsExactly("0.log");
    }

    @Test
    void theLastOneMovedStaysReadableOlderOnesAreCompressedAndTheOldestGoes() throws Exception {
        LogRotation rotation = rotation(3);
        for (String text : List.of("first", "second", "third", "fourth")) {
            Files.writeString(log, text);
            rotation.round();
            now = now.plusSeconds(10);
        }
        assertThat(files()).containsExactly("0.log", "0.log.20260501-120020.gz", "0.log.20260501-120030");
        assertThat(directory.resolve("0.log.20260501-120030")).hasContent("fourth");
        try (var in = new GZIPInputStream(Files.newInputStream(directory.resolve("0.log.20260501-120020.gz")))) {
            assertThat(in.readAllBytes()).asString().isEqualTo("third");
        }
        assertThat(directory.resolve("1.log.20260101-000000")).hasContent("another container's");
    }

    @Test
    void withOneFileTheOldTextGoes() throws Exception {
        rotation(1).round();
        assertThat(files()).containsExactly("0.log");
        assertThat(log).isEmptyFile();
    }

    @Test
    void whenTheEngineIsAwayTheLogStaysWhereItWritesTo() throws Exception {
        away = true;
        LogRotation rotation = rotation(3);
        rotation.round();
        assertThat(files()).containsExactly("0.log");
        assertThat(log).hasContent("first");
        away = false;
        rotation.round();
        assertThat(files()).containsExactly("0.log", "0.log.20260501-120000");
    }

    @Test
    void aLogThatWasMovedByAnAgentThatDiedThenIsOpenedAnew() throws Exception {
        Files.move(log, directory.resolve("0.log.20260501-115950"));
        Files.writeString(directory.resolve("0.log.20260501-115940.tmp"), "half");
        rotation(3).round();
        assertThat(reopened).containsExactly("c1");
        assertThat(log).exists();
    }

    @Test
    void aLogThatIsGoneWithItsPodIsNotAskedFor() throws Exception {
        log = directory.resolve("removed/0.log");
        rotation(3).round();
        assertThat(reopened).isEmpty();
    }

    @Test
    void ofContainersThatHaveEndedNothingIsTouched() throws Exception {
        LogRotation rotation = rotation(3);
        rotation.observed(List.of(pod(new ObservedPod.State.Exited(0, "Completed", "", NOON, NOON))));
        rotation.round();
        assertThat(files()).containsExactly("0.log");
    }
}
