package io.holdfast.mirror;

import java.time.Duration;

/** Waiting times that double. */
record Backoff(Duration first, Duration most) {

    /** The wait after the {@code failures}th failure in a row, from 1. */
    Duration after(int failures) {
        int doublings = Math.clamp(failures - 1, 0, 30);
        Duration wait = first.multipliedBy(1L << doublings);
        return wait.compareTo(most) > 0 ? most : wait;
    }
}
