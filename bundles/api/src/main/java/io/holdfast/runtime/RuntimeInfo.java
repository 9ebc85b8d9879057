package io.holdfast.runtime;

import java.util.List;

/**
 * @param engine such as {@code containerd}, as in {@code containerd://<id>}
 * @param version of the engine
 * @param endpoint such as {@code unix:///run/containerd/containerd.sock}
 * @param troubles what the engine itself says is not ready, such as "network: cni plugin not initialized"; empty when all
 *            is well
 * @param cgroups what makes the groups of processes
 */
public record RuntimeInfo(String engine, String version, String endpoint, List<String> troubles, Cgroups cgroups) {

    public RuntimeInfo {
        troubles = List.copyOf(troubles);
    }

    /** The driver, by which a parent group is named. */
    public enum Cgroups {
        /** A path, such as {@code /kubepods/burstable/podUID}. */
        Cgroupfs,
        /** A slice, such as {@code kubepods-burstable-podUID.slice}. */
        Systemd,
        /** The engine does not say: pods get no group of their own. */
        Unknown
    }
}
