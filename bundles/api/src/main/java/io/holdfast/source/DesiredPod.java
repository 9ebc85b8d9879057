package io.holdfast.source;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.holdfast.pod.Pod;
import io.holdfast.pod.PodName;

/**
 * A pod that is to run here, and why. Immutable.
 *
 * @param pod defaulted, with identity; {@code pod.metadata().uid()} is the edition: same UID, nothing to do (behaviour
 *            I5). Where the manifest sets the UID itself, annotation {@code kubernetes.io/config.hash} tells an edit
 * @param json the same Pod as Kubernetes would show it, with every field the manifest has, as compact JSON without status
 * @param source the {@code source.name} it came from
 * @param origin the file or URL, as {@link Manifest#origin()} says it
 * @param seen when this edition was first seen
 * @param held why the pod is kept without its source saying so just now (source absent, manifest unreadable), or null
 * @param unfit why it is not to run on this node although its manifest is here (its {@code nodeSelector}, for one), or
 *            null: whatever runs of it leaves
 * @param problems what is wrong with the newest manifest of this pod while an older one stays in force
 */
public record DesiredPod(Pod pod, String json, String source, String origin, Instant seen, @Nullable String held,
        @Nullable String unfit, List<Problem> problems) {

    public DesiredPod {
        problems = List.copyOf(problems);
    }

    public PodName name() {
        return pod.podName();
    }

    public String uid() {
        String uid = pod.metadata().uid();
        if (uid == null) {
            throw new IllegalStateException(name() + " has no UID");
        }
        return uid;
    }
}
