package io.holdfast.reconciler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.holdfast.source.ConfigObject.Value;

class AtomicWriterTest {

    @TempDir
    Path directory;

    @Test
    void filesAreLinksThroughOneLink() throws Exception {
        write("a.conf", "A", "etc/deep/b", "B");
        assertThat(directory.resolve("a.conf")).hasContent("A");
        assertThat(directory.resolve("etc/deep/b")).hasContent("B");
        assertThat(Files.readSymbolicLink(directory.resolve("a.conf"))).isEqualTo(Path.of("..data/a.conf"));
        assertThat(Files.readSymbolicLink(directory.resolve("etc"))).isEqualTo(Path.of("..data/etc"));
        assertThat(Files.readSymbolicLink(directory.resolve("..data")).toString())
                .matches("\\.\\.\\d{4}_\\d\\d_\\d\\d_\\d\\d_\\d\\d_\\d\\d\\.\\d+");
    }

    @Test
    void modesAreAsAskedForWhateverTheUmask() throws Exception {
        AtomicWriter.write(directory, Map.of("d/secret", file("x", 0400), "d/all", file("x", 0666)), null);
        assertThat(Modes.get(directory.resolve("d/secret"))).isEqualTo(0400);
        assertThat(Modes.get(directory.resolve("d/all"))).isEqualTo(0666);
        assertThat(Modes.get(directory.resolve("d"))).isEqualTo(0755);
        assertThat(Modes.get(directory.resolve("..data"))).isEqualTo(0755);
    }

    @Test
    void whatIsTheSameIsNotWrittenAgain() throws Exception {
        assertThat(write("a", "1", "b", "2")).isTrue();
        Path before = data();
        assertThat(write("b", "2", "a", "1")).isFalse();
        assertThat(data()).isEqualTo(before);
        assertThat(write("a", "1", "b", "3")).isTrue();
        assertThat(data()).isNotEqualTo(before);
    }

    @Test
    void whatIsGoneGoes() throws Exception {
        write("a", "1", "d/b", "2", "d/c", "3");
        write("d/c", "3", "e", "4");
        assertThat(names(directory)).containsExactlyInAnyOrder("..data", data().toString(), "d", "e");
        assertThat(names(directory.resolve("d"))).containsExactly("c");
        write();
        assertThat(names(directory)).containsExactlyInAnyOrder("..data", data().toString());
    }

    @Test
    void whatAKilledAgentLeftIsCompletedAndRemoved() throws Exception { // R8
        write("a", "1", "b", "2");
        Files.delete(directory.resolve("b")); // killed before its link was made
        Files.createDirectories(directory.resolve("..2026_01_01_00_00_00.1/sub")); // or before it was shown
        Files.createSymbolicLink(directory.resolve("..data_tmp"), Path.of("..2026_01_01_00_00_00.1"));
        assertThat(write("a", "1", "b", "2")).isFalse();
        assertThat(directory.resolve("b")).hasContent("2");
        write("a", "3", "b", "2");
        assertThat(names(directory)).containsExactlyInAnyOrder("..data", data().toString(), "a", "b");
    }

    @Test
    void aReaderNeverSeesHalfOfAChange() throws Exception {
        write("a", "0", "b", "0");
        AtomicBoolean done = new AtomicBoolean();
        List<String> mixed = new ArrayList<>();
        Thread reader = Thread.ofPlatform().start(() -> {
            while (!done.get()) {
                try {
                    Path now = directory.resolve("..data").toRealPath();
                    String a = Files.readString(now.resolve("a"));
                    String b = Files.readString(now.resolve("b"));
                    if (!a.equals(b)) {
                        mixed.add(a + " " + b);
                    }
                } catch (NoSuchFileException e) {
                    // it was replaced meanwhile
                } catch (IOException e) {
                    mixed.add(e.toString());
                }
            }
        });
        for (int i = 1; i <= 300; i++) {
            write("a", "" + i, "b", "" + i);
        }
        done.set(true);
        reader.join();
        assertThat(mixed).isEmpty();
        assertThat(directory.resolve("a")).hasContent("300");
    }

    @Test
    void aGroupMayReadAllOfIt() throws Exception {
        AtomicWriter.write(directory, Map.of("d/secret", file("x", 0400)), 4321L);
        Path file = directory.resolve("d/secret");
        assertThat(Modes.get(file)).isEqualTo(0440);
        assertThat(Files.getAttribute(file, "unix:gid")).isEqualTo(4321);
        assertThat(Modes.get(directory.resolve("d"))).isEqualTo(02755);
        assertThat(Files.getAttribute(directory.resolve("d"), "unix:gid")).isEqualTo(4321);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../out", "/etc/passwd", "a/../../b", "..data", "", "a/./b"})
    void pathsStayInTheDirectory(String path) {
        assertThatThrownBy(() -> write(path, "x")).isInstanceOf(IOException.class).hasMessageContaining("'" + path + "'");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void manyFilesAreOneChange() throws Exception {
        String[] data = IntStream.range(0, 200).boxed().flatMap(i -> java.util.stream.Stream.of("f" + i, "x")).toArray(String[]::new);
        assertThat(write(data)).isTrue();
        assertThat(names(directory)).hasSize(202);
    }

    private boolean write(String... data) throws Exception {
        Map<String, ConfigVolume.File> files = new HashMap<>();
        for (int i = 0; i < data.length; i += 2) {
            files.put(data[i], file(data[i + 1], 0644));
        }
        return AtomicWriter.write(directory, files, null);
    }

    private static ConfigVolume.File file(String content, int mode) {
        return new ConfigVolume.File(Value.of(content), mode, null);
    }

    private Path data() throws IOException {
        return Files.readSymbolicLink(directory.resolve("..data"));
    }

    private static List<String> names(Path in) throws IOException {
        try (var all = Files.list(in)) {
            return all.map(path -> path.getFileName().toString()).toList();
        }
    }
}
