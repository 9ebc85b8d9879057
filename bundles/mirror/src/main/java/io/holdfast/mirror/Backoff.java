package io.holdfast.mirror;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** How long to wait after failures in a row. Chance keeps a fleet from coming back all at once. */
record Backoff(Duration first, Duration most, RandomGenerator random) {

    static Backoff usual(RandomGenerator random) {
        return new Backoff(Duration.ofMillis(200), Duration.ofSeconds(30), random);
    }

    /**
     * @param failures in a row, this one included
     * @param asked for how long the server wants to be left alone
     */
    Duration after(int failures, Optional<Duration> asked) {
        int doublings = Math.clamp(failures - 1L, 0, 30);
        Duration doubled = first.multipliedBy(1L << doublings);
        Duration own = doubled.compareTo(most) > 0 ? most : doubled;
        Duration least = asked.filter(theirs -> theirs.compareTo(own) > 0).orElse(own);
        return least.plusNanos((long) (random.nextDouble() * own.toNanos() / 2));
    }
}
