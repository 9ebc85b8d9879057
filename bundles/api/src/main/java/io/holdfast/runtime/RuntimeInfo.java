package io.holdfast.runtime;

import java.util.List;

/**
 * @param engine such as {@code containerd}, as in {@code containerd://<id>}
 * @param version of the engine
 * @param endpoint such as {@code unix:///run/containerd/containerd.sock}
 * @param troubles what the engine itself says is not ready, such as "network: cni plugin not initialized"; empty when all
 *            is well
 */
public record RuntimeInfo(String engine, String version, String endpoint, List<String> troubles) {

    public RuntimeInfo {
        troubles = List.copyOf(troubles);
    }
}
