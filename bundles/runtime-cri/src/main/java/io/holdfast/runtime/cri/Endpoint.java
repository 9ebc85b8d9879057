package io.holdfast.runtime.cri;

import java.nio.file.Path;

/** Where an engine listens. */
record Endpoint(Path socket) {

    private static final String SCHEME = "unix://";

    /** @throws IllegalArgumentException it is not a Unix socket */
    static Endpoint parse(String text) {
        String path = text.startsWith(SCHEME) ? text.substring(SCHEME.length()) : text;
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("io.holdfast.runtime.cri: endpoint: '" + text
                    + "' is not a Unix socket; expected something like unix:///run/containerd/containerd.sock");
        }
        return new Endpoint(Path.of(path));
    }

    @Override
    public String toString() {
        return SCHEME + socket;
    }
}
