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
     * @param reason one word for the condition's {@code reason}, or empty
     * @param message one line for its {@code message}, or empty
     * @throws IllegalArgumentException no manifest wants that pod, it does not wait for that condition, or the reason is
     *             no word
     * @throws IOException it cannot be remembered; what was said before stands
     */
    void set(PodName pod, String conditionType, boolean holds, String reason, String message) throws IOException;
}
