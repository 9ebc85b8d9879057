package io.holdfast.reconciler;

import java.time.Duration;
import java.time.InstantSource;

import io.holdfast.pod.Handler;

/** Carries out lifecycle hooks (behaviours T1, C8); what goes wrong is told as an event. For any thread. */
record Hooks(EventLog events, InstantSource clock) {

    private static final Duration NO_LIMIT = Duration.ofDays(1); // Kubernetes sets none

    /** @return whether all is well: if not, the container is to be killed */
    boolean postStart(Handler hook, Handlers handlers) throws InterruptedException {
        return done("FailedPostStartHook", "PostStartHook failed: ", hook, handlers, NO_LIMIT);
    }

    /** Whatever becomes of it, the container is stopped then. */
    void preStop(Handler hook, Handlers handlers, Duration most) throws InterruptedException {
        done("FailedPreStopHook", "PreStopHook failed: ", hook, handlers, most);
    }

    private boolean done(String reason, String beginning, Handler hook, Handlers handlers, Duration most)
            throws InterruptedException {
        return switch (handlers.hook(hook, most)) {
            case Handlers.Outcome.Success _ -> true;
            case Handlers.Outcome.Failure(String message) -> failed(reason, beginning + message);
            case Handlers.Outcome.Fault(String message) -> failed(reason, beginning + message);
        };
    }

    private boolean failed(String reason, String message) {
        events.warning(clock.instant(), reason, message);
        return false;
    }
}
