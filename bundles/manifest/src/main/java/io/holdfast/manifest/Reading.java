package io.holdfast.manifest;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.holdfast.pod.Pod;
import io.holdfast.pod.PodName;

/**
 * What one text says.
 *
 * @param broken why nothing can be read from some place on, or null
 */
record Reading(List<Document> documents, @Nullable Fault broken) {

    /**
     * A pod, or why it is none.
     *
     * @param name the pod's, when it could be read
     * @param pod null when there are faults
     */
    record Document(@Nullable PodName name, @Nullable ReadPod pod, List<Fault> faults) {
    }

    record ReadPod(Pod pod, String json, Instant seen) {
    }

    /** Knows when an edition was first seen. */
    interface Seen {

        Instant at(PodName name, String edition);
    }
}
