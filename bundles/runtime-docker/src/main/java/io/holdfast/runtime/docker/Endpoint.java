package io.holdfast.runtime.docker;

import java.nio.file.Path;

/** Where the Engine listens. */
record Endpoint(Path socket) {

    private static final String SCHEME = "unix://";

    /** @throws IllegalArgumentException it is not a Unix socket */
    static Endpoint parse(String text) {
        String path = text.startsWith(SCHEME) ? text.substring(SCHEME.length()) : text;
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("io.holdfast.runtime.docker: endpoint: '" + text
                    + "' is not a Unix socket; expected something like unix:///var/run/docker.sock");
        }
        return new Endpoint(Path.of(path));
    }

    @Override
    public String toString() {
        return SCHEME + socket;
    }
}
