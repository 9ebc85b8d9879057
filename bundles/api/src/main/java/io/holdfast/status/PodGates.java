package io.holdfast.status;

import java.io.IOException;

import org.osgi.annotation.versioning.ProviderType;

import io.holdfast.pod.PodName;

/** Opens and closes the {@code readinessGates} of pods; a service of the reconciler. */
@ProviderType
public interface PodGates {

    /**
     * Says whether a condition that a pod's readiness waits for holds; until it was said, it does not. It is remembered as
     * long as this edition of the pod is there, over restarts of the agent too. From any thread.
     *
     * @throws IllegalArgumentException no manifest wants that pod, or it does not wait for that condition
     * @throws IOException it cannot be remembered, and does not hold
     */
    void set(PodName pod, String conditionType, boolean holds) throws IOException;
}
