package io.holdfast.reconciler;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.holdfast.runtime.ContainerRuntime.ContainerId;
import io.holdfast.runtime.ObservedPod.Container;
import io.holdfast.runtime.ObservedPod.State;

class OldLogsTest { // G1

    @TempDir
    Path temp;

    private PodDirectory directory;

    @BeforeEach
    void begin() throws IOException {
        directory = PodDirectory.of(TestPods.TestNode.in(temp), TestPods.name("web"), "v1");
        Files.createDirectories(directory.logs().resolve("app"));
        Files.createDirectories(directory.logLinks());
    }

    @Test
    void theLogsOfARemovedContainerGoWithItAndThoseOfOthersStay() throws IOException {
        for (String file : List.of("1.log", "1.log.1", "1.log.20260501-120000", "1.log.20260501-110000.gz", "11.log", "2.log")) {
            Files.writeString(directory.logs().resolve("app").resolve(file), "line");
        }
        link("c1", "1.log");
        link("c2", "2.log");
        OldLogs.remove(directory, TestPods.name("web"), List.of(dead("c1", 1)));
        assertThat(names(directory.logs().resolve("app"))).containsExactly("11.log", "2.log");
        assertThat(names(directory.logLinks())).containsExactly("web_default_app-c2.log");
    }

    @Test
    void whereThereAreNoneNothingHappens() throws IOException {
        OldLogs.remove(PodDirectory.of(TestPods.TestNode.in(temp.resolve("other")), TestPods.name("web"), "v1"), TestPods.name("web"),
                List.of(dead("c1", 1)));
        assertThat(temp.resolve("other")).doesNotExist();
    }

    private void link(String id, String log) throws IOException {
        Files.createSymbolicLink(directory.logLink(TestPods.name("web"), "app", id), directory.logs().resolve("app").resolve(log));
    }

    private static List<String> names(Path in) throws IOException {
        try (Stream<Path> files = Files.list(in)) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }

    private static Container dead(String id, int attempt) {
        return new Container(new ContainerId(id), "app", attempt,
                new State.Exited(1, "Error", "", Instant.EPOCH, Instant.EPOCH), "i", "i", null, Map.of(), Map.of());
    }
}
