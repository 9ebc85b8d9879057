package io.holdfast.source.file;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

import io.holdfast.source.FileNames;

/** Knows whether a missing file is only out of the way while an editor writes it. Owned by one thread. */
final class Editors {

    /** From an editor's first trace to its last write; then what is gone is gone. */
    private static final long MEMORY_NANOS = 2_000_000_000L;

    private final Path directory;
    private final Map<String, Long> traces = new HashMap<>();

    Editors(Path directory) {
        this.directory = directory;
    }

    /** To be told of every name that something happened to. */
    void noticed(String name) {
        if (FileNames.isLeftover(name)) {
            long now = System.nanoTime();
            traces.values().removeIf(seen -> now - seen > MEMORY_NANOS);
            traces.put(name, now);
        }
    }

    boolean edit(Path file) {
        long now = System.nanoTime();
        return leftoversOf(file.toString()).anyMatch(
                leftover -> now - traces.getOrDefault(leftover, now - MEMORY_NANOS) < MEMORY_NANOS || lies(leftover));
    }

    /** What lies beside {@code name} while it is being edited. */
    private static Stream<String> leftoversOf(String name) {
        return Stream.of(name + "~", name + ".bak", name + ".tmp", name + ".orig", "#" + name + "#", ".#" + name,
                "." + name + ".swp", "." + name + ".swo", "." + name + ".swx", FileNames.VIM_PROBE);
    }

    private boolean lies(String leftover) {
        try {
            return Files.exists(directory.resolve(leftover), LinkOption.NOFOLLOW_LINKS);
        } catch (InvalidPathException _) {
            return false; // a name outside of this JVM's character set
        }
    }
}
