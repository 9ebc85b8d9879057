package io.holdfast.source;

import java.util.List;

/**
 * Tells manifests by their names from what editors leave beside them (behaviour F2): the rule of every source that reads
 * a directory, and of whoever checks one.
 *
 * @param extensions with their dot; {@code *} is any
 */
public record FileNames(List<String> extensions) {

    /** What counts unless configured otherwise. */
    public static final FileNames USUAL = new FileNames(List.of(".yaml", ".yml", ".json"));

    /** Vim creates and removes a file of this name to see whether it may write in the directory. */
    public static final String VIM_PROBE = "4913";

    public FileNames {
        extensions = List.copyOf(extensions);
    }

    /** @param name without its directory */
    public boolean isManifest(String name) {
        return !name.startsWith(".") && !isLeftover(name)
                && extensions.stream().anyMatch(e -> e.equals("*") || name.endsWith(e));
    }

    /** A back-up, a swap file, a lock: somebody edits here, or did. */
    public static boolean isLeftover(String name) {
        return name.equals(VIM_PROBE) || name.endsWith("~") || name.startsWith(".#")
                || name.startsWith("#") && name.endsWith("#")
                || name.matches("(?s).*\\.(sw[a-z]|bak|tmp|orig)");
    }
}
