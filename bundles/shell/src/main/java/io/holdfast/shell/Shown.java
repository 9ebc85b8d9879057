package io.holdfast.shell;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

import io.holdfast.pod.PodName;
import io.holdfast.status.Publication;

/** How far a pod is shown elsewhere, in a line. */
final class Shown {

    private Shown() {
    }

    static String of(PodName pod, Publication.State state, Instant now) {
        Publication.@Nullable Refusal refusal = state.refused().get(pod);
        if (state.failure() != null) {
            return "not up to date: the server " + state.target() + (state.since() == null
                    ? " was not reached yet"
                    : " has failed for " + Ages.of(state.since(), now)) + ": " + state.failure();
        } else if (refusal == null) {
            return "as " + pod + " at " + state.target();
        } else if (refusal.attempts() == 0) {
            return "not shown: " + refusal.reason();
        }
        return "refused: " + refusal.reason() + "; tried "
                + (refusal.attempts() == 1 ? "once" : refusal.attempts() + " times") + " in "
                + Ages.of(refusal.since(), now) + ", next in " + Ages.of(now, refusal.next());
    }
}
