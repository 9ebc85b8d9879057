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

    /**
     * Whether every pod there is has been found: what is wanted is known, and every engine that may have pods was looked
     * at. Before that, which is for a moment after a start or until an engine is back, a pod that is not shown may be there
     * all the same. Once it is true it stays so, and becoming true is a new version. Returns at once.
     */
    default boolean isComplete() {
        return true;
    }

    /** @param pods by name; those that did not change are the same instances as before */
    record Snapshot(long version, List<PodView> pods) {
    }
}
