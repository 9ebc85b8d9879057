package io.holdfast.status;

import java.util.List;

import org.osgi.annotation.versioning.ProviderType;

/** What became of every pod on this node; a service of the reconciler. Snapshots are complete. */
@ProviderType
public interface PodStatuses {

    /** Returns at once. */
    Snapshot current();

    /** Waits for a version newer than {@code version}; skips what was overtaken. */
    Snapshot after(long version) throws InterruptedException;

    /** @param pods by name; those that did not change are the same instances as before */
    record Snapshot(long version, List<PodView> pods) {
    }
}
