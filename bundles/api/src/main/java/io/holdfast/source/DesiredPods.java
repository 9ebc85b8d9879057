package io.holdfast.source;

import java.util.Map;
import java.util.Set;

import org.osgi.annotation.versioning.ProviderType;

import io.holdfast.cell.Cell;
import io.holdfast.pod.PodName;

/**
 * All pods that are to run on this node, from all sources; a service of the manifest bundle. Snapshots are complete;
 * entries that did not change are the same instances as before, so that a reader finds a change by comparing
 * references.
 */
@ProviderType
public interface DesiredPods {

    /** Returns at once. Version 0 is the empty state before anything was read, last-known-good included. */
    Cell.Versioned<Snapshot> current();

    /** Waits for a version newer than {@code version}; skips what was overtaken. */
    Cell.Versioned<Snapshot> after(long version) throws InterruptedException;

    /**
     * @param pods by name
     * @param reported the sources that have spoken since they were configured, and those that were forgotten or
     *            deleted: a pod that runs here from such a source and is not in {@code pods} is to go. Pods from any
     *            other source are left as they are.
     * @param objects what pods take their configuration from
     */
    record Snapshot(Map<PodName, DesiredPod> pods, Set<String> reported, Map<ConfigObject.Key, ConfigObject> objects) {

        public static final Snapshot EMPTY = new Snapshot(Map.of(), Set.of(), Map.of());
    }
}
