package io.holdfast.kit.registry;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which repository of which registry a reference means, without tag and digest.
 *
 * @param registry with its port, if any
 */
public record ImageName(String registry, String repository) {

    static final String HUB = "docker.io";

    private static final String LABEL = "[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?";
    private static final String REGISTRY = "(?:" + LABEL + "(?:\\." + LABEL + ")*|\\[[0-9a-fA-F:]+])(?::\\d+)?";
    private static final String PART = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
    private static final Pattern REFERENCE = Pattern.compile("(?:(" + REGISTRY + ")/)?(" + PART + "(?:/" + PART + ")*)"
            + "(?::\\w[\\w.-]{0,127})?(?:@[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,})?");

    /** @throws IllegalArgumentException no registry would know what to do with it */
    public static ImageName of(String reference) {
        Matcher parts = REFERENCE.matcher(reference);
        if (!parts.matches()) {
            throw new IllegalArgumentException("couldn't parse image name \"" + reference + "\": invalid reference format");
        }
        String first = parts.group(1);
        if (first != null && isRegistry(first)) {
            return first.equals("index." + HUB) ? new ImageName(HUB, parts.group(2)) : new ImageName(first, parts.group(2));
        }
        return new ImageName(HUB, first == null ? "library/" + parts.group(2) : first + "/" + parts.group(2));
    }

    /** Else it is somebody's name at Docker Hub. */
    private static boolean isRegistry(String first) {
        return first.contains(".") || first.contains(":") || first.equals("localhost");
    }

    boolean isOnHub() {
        return registry.equals(HUB);
    }

    @Override
    public String toString() {
        return registry + "/" + repository;
    }
}
