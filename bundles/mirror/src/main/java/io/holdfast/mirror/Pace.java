package io.holdfast.mirror;

import java.time.Duration;
import java.time.Instant;

/** A token bucket: so many requests at once, and then one in each interval. Owned by one thread. */
final class Pace {

    private final Duration interval;
    private final Duration burst;
    private Instant empty = Instant.MIN; // when there is a token again if none is left

    /** @param atOnce as many may be sent without a wait */
    Pace(Duration interval, int atOnce) {
        this.interval = interval;
        this.burst = interval.multipliedBy(atOnce - 1L);
    }

    /** When the next one may be sent; not after {@code now}: now. */
    Instant next(Instant now) {
        return empty.isAfter(now) ? empty.minus(burst) : now;
    }

    void take(Instant now) {
        empty = (empty.isAfter(now) ? empty : now).plus(interval);
    }
}
