package io.holdfast.source.http;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long to wait for the next poll. Chance keeps a thousand nodes that started together from asking together. */
record Pace(Duration period, RandomGenerator random) {

    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final int MOST_DOUBLINGS = 20;
    /** A server may ask for this many periods of silence. */
    private static final int MOST_PERIODS = 10;

    /** @param steady whether the poll before this one succeeded, too: else this node's turn is still to be drawn */
    Duration afterSuccess(boolean steady) {
        return steady ? times(period, 0.9, 1.1) : times(period, 0, 1);
    }

    /**
     * @param failures how many in a row, this one included
     * @param asked what the server asked for, or zero
     */
    Duration afterFailure(int failures, Duration asked) {
        Duration doubled = shorter(FIRST_RETRY.multipliedBy(1L << Math.min(failures - 1, MOST_DOUBLINGS)), period);
        Duration own = shorter(times(doubled, 0.5, 1.5), period);
        Duration theirs = times(shorter(asked, period.multipliedBy(MOST_PERIODS)), 1, 1.1);
        return own.compareTo(theirs) > 0 ? own : theirs;
    }

    private Duration times(Duration base, double least, double most) {
        return Duration.ofNanos((long) (base.toNanos() * (least + random.nextDouble() * (most - least))));
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
