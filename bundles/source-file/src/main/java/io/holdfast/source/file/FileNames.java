package io.holdfast.source.file;

import java.util.List;
import java.util.stream.Stream;

/**
 * Tells manifests by their names from what editors leave beside them (behaviour F2).
 *
 * @param extensions with their dot; {@code *} is any
 */
record FileNames(List<String> extensions) {

    /** Vim creates and removes a file of this name to see whether it may write in the directory. */
    private static final String VIM_PROBE = "4913";

    FileNames {
        extensions = List.copyOf(extensions);
    }

    boolean isManifest(String name) {
        return !name.startsWith(".") && !isLeftover(name)
                && extensions.stream().anyMatch(e -> e.equals("*") || name.endsWith(e));
    }

    /** A back-up, a swap file, a lock: somebody edits here, or did. */
    static boolean isLeftover(String name) {
        return name.equals(VIM_PROBE) || name.endsWith("~") || name.startsWith(".#")
                || name.startsWith("#") && name.endsWith("#")
                || name.matches("(?s).*\\.(sw[a-z]|bak|tmp|orig)");
    }

    /** What lies beside {@code name} while it is being edited. */
    static Stream<String> leftoversOf(String name) {
        return Stream.of(name + "~", name + ".bak", name + ".tmp", name + ".orig", "#" + name + "#", ".#" + name,
                "." + name + ".swp", "." + name + ".swo", "." + name + ".swx", VIM_PROBE);
    }
}
