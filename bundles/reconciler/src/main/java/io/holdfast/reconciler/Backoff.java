package io.holdfast.reconciler;

import java.time.Duration;

/**
 * Waiting times that double.
 *
 * @param first the shortest wait
 * @param most the longest wait
 * @param reset who went well for this long begins again with no wait
 */
record Backoff(Duration first, Duration most, Duration reset) {

    /** The wait that follows {@code previous}; after none, the shortest. */
    Duration after(Duration previous) {
        if (previous.isZero()) {
            return first;
        }
        Duration twice = previous.multipliedBy(2);
        return twice.compareTo(most) > 0 ? most : twice;
    }

    /** The wait after the {@code failures}th failure in a row, from 1. */
    Duration afterFailures(int failures) {
        Duration wait = first;
        for (int i = 1; i < failures && wait.compareTo(most) < 0; i++) {
            wait = after(wait);
        }
        return wait;
    }
}
