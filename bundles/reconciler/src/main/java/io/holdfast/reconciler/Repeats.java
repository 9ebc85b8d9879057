package io.holdfast.reconciler;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Keeps a worker from doing the very same again and again when an engine says yes and nothing comes of it. Owned by the
 * worker.
 */
final class Repeats {

    private final Backoff backoff;
    private List<Step> last = List.of();
    private int times;
    private Instant next = Instant.MIN;

    Repeats(Backoff backoff) {
        this.backoff = backoff;
    }

    /** Until when these steps are to wait, if they were just done already. */
    Optional<Instant> tooSoon(List<Step> steps, Instant now) {
        boolean startsContainer = steps.stream().anyMatch(Step.StartContainer.class::isInstance);
        return !startsContainer // comes again when its image has come
                && steps.equals(last) && now.isBefore(next) ? Optional.of(next) : Optional.empty();
    }

    /** What was done in vain may come to something now. */
    void forgive() {
        last = List.of();
    }

    void done(List<Step> steps, Instant now) {
        times = steps.equals(last) ? times + 1 : 1;
        last = steps;
        next = steps.isEmpty() ? Instant.MIN : now.plus(backoff.afterFailures(times));
    }
}
