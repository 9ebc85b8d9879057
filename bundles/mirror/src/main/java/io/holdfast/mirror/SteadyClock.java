package io.holdfast.mirror;

import java.time.Instant;
import java.time.InstantSource;

/** Goes on evenly while somebody sets the machine's clock: for periods, never for a time that is shown to anyone. */
final class SteadyClock implements InstantSource {

    private final Instant began = Instant.now();
    private final long nanos = System.nanoTime();

    @Override
    public Instant instant() {
        return began.plusNanos(System.nanoTime() - nanos);
    }
}
