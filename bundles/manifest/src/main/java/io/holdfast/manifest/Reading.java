package io.holdfast.manifest;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.holdfast.pod.Pod;
import io.holdfast.pod.PodName;
import io.holdfast.source.ConfigObject;
import io.holdfast.source.ConfigObject.Key;

/**
 * What one text says.
 *
 * @param broken why nothing can be read from some place on, or null
 */
record Reading(List<Document> documents, @Nullable Fault broken) {

    sealed interface Document {

        /** What is wrong with it; empty when it is good. */
        List<Fault> faults();
    }

    /** @param pod null when there are faults */
    record PodDocument(PodName name, @Nullable ReadPod pod, List<Fault> faults) implements Document {
    }

    /** @param object null when there are faults */
    record ObjectDocument(Key key, @Nullable ReadObject object, List<Fault> faults) implements Document {
    }

    /**
     * Good, and not for this node.
     *
     * @param what such as {@code DaemonSet default/logs}
     */
    record Elsewhere(String what, String why) implements Document {

        @Override
        public List<Fault> faults() {
            return List.of();
        }
    }

    /** Nobody can say what it was to be. */
    record Nameless(List<Fault> faults) implements Document {
    }

    /** @param unfit why it is not to run on this node, or null */
    record ReadPod(Pod pod, String json, Instant seen, @Nullable String unfit) {
    }

    /** As in {@link ConfigObject}. */
    record ReadObject(String type, Map<String, ConfigObject.Value> data) {
    }

    /** Knows when an edition was first seen. */
    interface Seen {

        Instant at(PodName name, String edition);
    }
}
