package io.holdfast.reconciler;

import java.time.Duration;
import java.util.Optional;

import io.holdfast.pod.Container;
import io.holdfast.runtime.ObservedPod;
import io.holdfast.source.DesiredPod;

/** One thing to do; each may be repeated. */
sealed interface Step {

    /** Ends the containers of a sandbox with their grace period, in parallel, then the sandbox. */
    record StopPod(ObservedPod.Sandbox sandbox, String why) implements Step {
    }

    record RunSandbox(DesiredPod desired, int attempt) implements Step {
    }

    /**
     * Makes a container and starts it.
     *
     * @param delay how long it was held back after the one before
     */
    record StartContainer(DesiredPod desired, ObservedPod.Sandbox sandbox, Container container, int attempt,
            RestartDelay delay) implements Step {
    }

    /** Starts a container that was created and never started: the agent was killed in between. */
    record StartCreated(DesiredPod desired, ObservedPod.Container container) implements Step {
    }

    /**
     * Ends one container, to start it again.
     *
     * @param grace other than its own
     */
    record StopContainer(ObservedPod.Sandbox sandbox, ObservedPod.Container container, Optional<Duration> grace,
            String why) implements Step {
    }

    /** Ends a container that has read what is no longer so; another takes its place. */
    record StopOutdated(DesiredPod desired, ObservedPod.Sandbox sandbox, ObservedPod.Container container, String why) implements Step {
    }

    /** Removes a dead container and its logs. */
    record RemoveContainer(ObservedPod.Sandbox sandbox, ObservedPod.Container container) implements Step {
    }

    /** Removes a dead sandbox with all that is in it, and the logs of that. */
    record RemoveSandbox(ObservedPod.Sandbox sandbox) implements Step {
    }

    /** Removes the volumes, files and logs of an edition of which nothing is left in the runtime. */
    record RemoveData(String uid) implements Step {
    }
}
