package io.holdfast.reconciler;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

import io.holdfast.cell.Cell;
import io.holdfast.pod.Handler;
import io.holdfast.pod.Probe;

/**
 * Carries out one probe of one container again and again (behaviours P1 to P4). What fails is told as an event.
 *
 * @param handlers newest, since the engine's service may be another by now
 * @param unsettled wakes the worker: there is something new to show
 * @param stopping whether the container is being stopped: that a probe fails then is no news
 */
record Probing(Kind kind, Probe probe, Handler handler, Supplier<Handlers> handlers, EventLog events, Kit kit,
        Runnable unsettled, Cell<Boolean> stopping) {

    private static final Duration TOGETHER = Duration.ofMillis(100);

    enum Kind {
        Startup, Liveness, Readiness
    }

    /** What is done with a result that is certain. */
    interface Verdict {
        /** @return whether to go on */
        boolean is(boolean success);
    }

    /** @param spread the first one comes at any time within a period: many containers were found at once */
    void run(Instant startedAt, boolean spread, Verdict verdict) throws InterruptedException {
        Duration period = Duration.ofSeconds(Math.max(1, probe.periodSeconds()));
        Duration delay = Duration.between(kit.now(), startedAt.plusSeconds(probe.initialDelaySeconds()));
        if (spread && delay.compareTo(period) < 0) {
            Duration anyTime = Duration.ofMillis(ThreadLocalRandom.current().nextLong(period.toMillis()));
            delay = delay.compareTo(anyTime) > 0 ? delay : anyTime; // never before the initial delay
        }
        Tally tally = new Tally(probe);
        long next = System.nanoTime() + Math.max(0, delay.toNanos());
        while (true) {
            Thread.sleep(Duration.ofNanos(Math.max(0, next - System.nanoTime())));
            next = together(Math.max(next + period.toNanos(), System.nanoTime())); // one that took longer delays the others
            Optional<Boolean> certain = once().flatMap(tally::count);
            if (certain.isPresent() && !verdict.is(certain.get())) {
                return;
            }
        }
    }

    /** What is due at about the same time is woken at once: threads that wake one by one are half of what probes cost. */
    private static long together(long nanos) {
        return nanos + Math.floorMod(-nanos, TOGETHER.toNanos());
    }

    /** @return empty: it says nothing */
    private Optional<Boolean> once() throws InterruptedException {
        return switch (handlers.get().probe(handler, Duration.ofSeconds(Math.max(1, probe.timeoutSeconds())))) {
            case Handlers.Outcome.Success _ -> Optional.of(true);
            case Handlers.Outcome.Failure(String message) -> {
                tell(kind + " probe failed: " + message);
                yield Optional.of(false);
            }
            case Handlers.Outcome.Fault(String message) -> {
                tell(kind + " probe errored and resulted in unknown state: " + message);
                yield Optional.empty();
            }
        };
    }

    private void tell(String message) {
        if (!stopping.value() && events.repeatedWarning(kit.now(), "Unhealthy", message)) {
            unsettled.run();
        }
    }
}
