package io.holdfast.reconciler;

import java.nio.file.Path;
import java.util.Locale;

import io.holdfast.runtime.RuntimeInfo.Cgroups;
import io.holdfast.status.PodStatus.QosClass;

/**
 * The cgroup of a pod, laid out as the kubelet does: below its quality-of-service class, and a guaranteed one beside the
 * classes.
 *
 * @param path from the root of a hierarchy, such as {@code holdfast/burstable/podUID}
 */
record PodCgroup(Path path) {

    private static final String SLICE = ".slice";

    /** @param driver one that is known */
    static PodCgroup of(Cgroups driver, String root, QosClass qos, String uid) {
        String level = qos == QosClass.Guaranteed ? "" : qos.name().toLowerCase(Locale.ROOT);
        return new PodCgroup(driver == Cgroups.Systemd ? slice(root, level, uid) : Path.of(root, level, "pod" + uid));
    }

    /** In the name of a slice, each dash is a step down. */
    private static Path slice(String root, String level, String uid) {
        String parent = level.isEmpty() ? root : root + "-" + level;
        return Path.of(root + SLICE, level.isEmpty() ? "" : parent + SLICE, parent + "-pod" + uid.replace('-', '_') + SLICE);
    }

    boolean isSlice() {
        return path.getName(0).toString().endsWith(SLICE);
    }

    /** That of its class, or the root of all. */
    Path level() {
        return path.subpath(0, path.getNameCount() - 1);
    }

    String name() {
        return path.getFileName().toString();
    }

    /** In the words of the engine. */
    String parent() {
        return isSlice() ? name() : "/" + path;
    }

    /** Whether it is what {@link #of} makes for that pod, with whatever root. */
    boolean isOf(String uid) {
        return path.getNameCount() > 1 && (isSlice() ? name().endsWith("-pod" + uid.replace('-', '_') + SLICE)
                : name().equals("pod" + uid));
    }
}
