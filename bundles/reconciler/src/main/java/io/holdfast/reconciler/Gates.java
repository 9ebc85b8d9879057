package io.holdfast.reconciler;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.TreeMap;

import io.holdfast.pod.PodSpec;

/**
 * What a person has said of the conditions that a pod's readiness waits for. It is kept among the pod's files, and goes
 * with them: lines such as {@code example.com/warm true}.
 */
final class Gates {

    private Gates() {
    }

    /** @throws IOException it cannot be written; what was said before stands */
    static synchronized void set(PodDirectory directory, String type, boolean holds) throws IOException {
        Map<String, Boolean> all = new TreeMap<>(read(directory));
        all.put(type, holds);
        StringBuilder text = new StringBuilder();
        all.forEach((t, h) -> text.append(t).append(' ').append(h).append('\n'));
        Files.createDirectories(directory.root());
        Path part = Files.writeString(directory.root().resolve("gates.part"), text);
        Files.move(part, file(directory), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Of a pod that has none the file is not even looked for. */
    static Map<String, Boolean> of(PodSpec spec, PodDirectory directory) throws IOException {
        return spec.readinessGates().isEmpty() ? Map.of() : read(directory);
    }

    private static Map<String, Boolean> read(PodDirectory directory) throws IOException {
        Map<String, Boolean> all = new TreeMap<>();
        if (Files.exists(file(directory))) {
            for (String line : Files.readAllLines(file(directory))) {
                String[] words = line.split(" ", 2);
                if (words.length == 2) {
                    all.put(words[0], Boolean.valueOf(words[1]));
                }
            }
        }
        return all;
    }

    private static Path file(PodDirectory directory) {
        return directory.root().resolve("gates");
    }
}
