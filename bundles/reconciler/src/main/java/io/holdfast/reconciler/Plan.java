package io.holdfast.reconciler;

import java.time.Instant;
import java.util.List;

/**
 * What to do now, and when to think again at the latest.
 *
 * @param gone nothing is wanted and nothing is here: the worker's work is over
 */
record Plan(List<Step> steps, Instant wakeAt, boolean gone) {

    static final Plan NOTHING = new Plan(List.of(), Instant.MAX, false);
    static final Plan GONE = new Plan(List.of(), Instant.MAX, true);

    static Plan of(List<Step> steps) {
        return new Plan(List.copyOf(steps), Instant.MAX, false);
    }

    static Plan of(List<Step> steps, Instant wakeAt) {
        return new Plan(List.copyOf(steps), wakeAt, false);
    }

    Plan wakingBy(Instant at) {
        return at.isBefore(wakeAt) ? new Plan(steps, at, gone) : this;
    }
}
