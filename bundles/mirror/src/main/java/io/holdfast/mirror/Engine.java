package io.holdfast.mirror;

import java.util.Optional;

/**
 * The container engine of this node, for its Node.
 *
 * @param version such as {@code containerd://1.6.20}
 * @param trouble why no pod can be started on it just now
 */
record Engine(String version, Optional<String> trouble) {

    static final Engine UNKNOWN = new Engine("unknown://unknown", Optional.empty());
}
