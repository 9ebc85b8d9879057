package io.holdfast.reconciler;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import io.holdfast.pod.PodSpec;

/**
 * What a person has said of the conditions that a pod's readiness waits for. It is kept among the pod's files, and goes
 * with them: lines such as {@code example.com/warm false Filling it has half of what it needs}.
 */
final class Gates {

    /** As the API has it. */
    private static final Pattern REASON = Pattern.compile("[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?");

    /**
     * What was said of one condition.
     *
     * @param reason one word, or empty: then there is no message either
     * @param message one line, or empty
     */
    record Said(boolean holds, String reason, String message) {

        Said {
            if (!reason.isEmpty() && !REASON.matcher(reason).matches()) {
                throw new IllegalArgumentException("reason '" + reason
                        + "': expected one word of letters, digits, '_', ',' and ':' that begins with a letter, such as WarmedUp");
            }
            if (reason.isEmpty() && !message.isEmpty()) {
                throw new IllegalArgumentException("a message needs a reason before it");
            }
            message = message.lines().map(String::strip).reduce((a, b) -> a + " " + b).orElse("");
        }

        @Nullable String reasonOrNull() {
            return reason.isEmpty() ? null : reason;
        }

        @Nullable String messageOrNull() {
            return message.isEmpty() ? null : message;
        }

        private static Said read(String[] words) {
            return new Said(Boolean.parseBoolean(words[1]), words.length > 2 ? words[2] : "", words.length > 3 ? words[3] : "");
        }

        @Override
        public String toString() {
            return (holds + " " + reason + " " + message).strip();
        }
    }

    private Gates() {
    }

    /** @throws IOException it cannot be written; what was said before stands */
    static synchronized void set(PodDirectory directory, String type, Said said) throws IOException {
        Map<String, Said> all = new TreeMap<>(read(directory));
        all.put(type, said);
        StringBuilder text = new StringBuilder();
        all.forEach((t, s) -> text.append(t).append(' ').append(s).append('\n'));
        Files.createDirectories(directory.root());
        Path part = Files.writeString(directory.root().resolve("gates.part"), text);
        Files.move(part, file(directory), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Of a pod that has none the file is not even looked for. */
    static Map<String, Said> of(PodSpec spec, PodDirectory directory) throws IOException {
        return spec.readinessGates().isEmpty() ? Map.of() : read(directory);
    }

    private static Map<String, Said> read(PodDirectory directory) throws IOException {
        Map<String, Said> all = new TreeMap<>();
        if (Files.exists(file(directory))) {
            for (String line : Files.readAllLines(file(directory))) {
                String[] words = line.split(" ", 4);
                if (words.length >= 2) {
                    all.put(words[0], Said.read(words));
                }
            }
        }
        return all;
    }

    private static Path file(PodDirectory directory) {
        return directory.root().resolve("gates");
    }
}
