package io.holdfast.reconciler;

import java.time.Instant;

/** Why a step for a container (or for the pod as a whole) is not taken now. */
sealed interface Trouble {

    /** Reason of a pod that no runtime can run just now. */
    String NO_RUNTIME = "RuntimeUnavailable";

    /** Reason and message as {@code state.waiting} shows them. */
    String reason();

    String message();

    /** @param failures in a row, from 1 */
    record Retry(String reason, String message, int failures, Instant at) implements Trouble {
    }

    /** Other pods come first (behaviour R10); their workers wake this one. */
    record Awaits(String reason, String message) implements Trouble {
    }

    /**
     * Its image is on the way; whoever brings it wakes the worker.
     *
     * @param message how far it is
     */
    record Pulling(String message) implements Trouble {

        @Override
        public String reason() {
            return "ContainerCreating";
        }
    }
}
