package io.holdfast.kit.registry;

import java.util.regex.Pattern;

/**
 * For which images an entry of {@code auths} is, as the kubelet reads its key: a host, which may have a {@code *} within
 * each of its parts, a port, and the beginning of a path.
 */
record RegistryKey(String host, String port, String path) implements Comparable<RegistryKey> {

    /** By which docker has always kept what is for Docker Hub. */
    private static final String OLD_HUB = "index.docker.io";

    static RegistryKey of(String key) {
        String rest = key.replaceFirst("^https?://", "");
        int slash = rest.indexOf('/');
        String path = slash < 0 ? "" : rest.substring(slash).replaceFirst("^/v[12]/", "/");
        return at(slash < 0 ? rest : rest.substring(0, slash), path.equals("/") ? "" : path);
    }

    private static RegistryKey at(String address, String path) {
        int colon = address.indexOf(':', address.lastIndexOf(']') + 1);
        return colon < 0 ? new RegistryKey(address, "", path)
                : new RegistryKey(address.substring(0, colon), address.substring(colon + 1), path);
    }

    boolean isOldHub() {
        return host.equals(OLD_HUB) && path.isEmpty();
    }

    boolean matches(ImageName image) {
        RegistryKey wanted = at(image.registry(), "/" + image.repository());
        return port.equals(wanted.port) && wanted.path.startsWith(path) && hostMatches(wanted.host);
    }

    private boolean hostMatches(String wanted) {
        String[] globs = host.split("\\.", -1);
        String[] parts = wanted.split("\\.", -1);
        boolean same = globs.length == parts.length;
        for (int i = 0; same && i < globs.length; i++) {
            same = Pattern.matches(Pattern.quote(globs[i]).replace("*", "\\E.*\\Q"), parts[i]);
        }
        return same;
    }

    /** The more specific one comes first. */
    @Override
    public int compareTo(RegistryKey other) {
        return other.toString().compareTo(toString());
    }

    @Override
    public String toString() {
        return host + (port.isEmpty() ? "" : ":" + port) + path;
    }
}
