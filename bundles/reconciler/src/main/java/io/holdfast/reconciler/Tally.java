package io.holdfast.reconciler;

import java.util.Optional;

import io.holdfast.pod.Probe;

/** What the results of a probe add up to (behaviour P3). Owned by its thread. */
final class Tally {

    private final Probe probe;
    private boolean last;
    private int inARow;

    Tally(Probe probe) {
        this.probe = probe;
    }

    /** @return what is certain now; empty: it takes more of the same */
    Optional<Boolean> count(boolean success) {
        inARow = success == last ? inARow + 1 : 1;
        last = success;
        return inARow >= (success ? probe.successThreshold() : probe.failureThreshold()) ? Optional.of(success)
                : Optional.empty();
    }
}
