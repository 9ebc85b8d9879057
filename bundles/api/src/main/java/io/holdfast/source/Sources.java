package io.holdfast.source;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/** What is known about each manifest source; a service of the manifest bundle, for shells and publishers. */
@ProviderType
public interface Sources {

    /** All sources that are there, and absent ones whose pods are held; by name. Returns at once. */
    List<Status> current();

    /**
     * Gives up what is held for an absent source: its pods are removed, each with its own grace period.
     *
     * @throws IllegalArgumentException when no such source is known, or it is not absent
     */
    void forget(String source);

    enum State {
        /** There, and has not reported yet. */
        STARTING,
        /** There, and its last reading succeeded. */
        WATCHING,
        /** There, and failing: the last reading stands. */
        FAILED,
        /** Not there: its bundle is stopped, being updated or broken. Its pods are held. */
        ABSENT
    }

    /**
     * @param pods how many pods come from here
     * @param lastReading when it last reported, or null
     * @param failure why it fails, or null
     * @param problems what is wrong with single manifests, by origin and line
     */
    record Status(String name, State state, int manifests, int pods, @Nullable Instant lastReading,
            @Nullable String failure, List<Problem> problems) {
    }
}
