package io.holdfast.reconciler;

import java.time.Duration;

/**
 * Numbers a user may change, as values.
 *
 * @param backoff between restarts of a crashing container (behaviour C4)
 * @param pullBackoff between failed image pulls (C9)
 * @param retry between attempts at a step that the runtime refused
 * @param settle how long the first choice of a runtime waits for CRI, which may just be on its way up
 * @param relist how often all is looked at, events or not (L3)
 * @param parallelStarts sandboxes and containers being made at a time, over all pods
 * @param parallelPulls images being pulled at a time
 */
record Settings(Backoff backoff, Backoff pullBackoff, Backoff retry, Duration settle, Duration relist, int parallelStarts,
        int parallelPulls) {

    static final Settings DEFAULT = new Settings(
            new Backoff(Duration.ofSeconds(10), Duration.ofSeconds(300), Duration.ofMinutes(10)),
            new Backoff(Duration.ofSeconds(10), Duration.ofSeconds(300), Duration.ofMinutes(10)),
            new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30), Duration.ofMinutes(10)), Duration.ofSeconds(2),
            Duration.ofSeconds(10), 4, 3);

    static Settings of(ReconcilerConfig config) {
        Duration first = Duration.ofSeconds(config.restart_backoff_seconds());
        Duration most = Duration.ofSeconds(config.restart_backoff_max_seconds());
        Duration reset = Duration.ofSeconds(config.restart_backoff_reset_seconds());
        return new Settings(new Backoff(first, most, reset), DEFAULT.pullBackoff(), DEFAULT.retry(),
                DEFAULT.settle(), Duration.ofSeconds(Math.max(1, config.relist_seconds())), Math.max(1, config.parallel_starts()),
                Math.max(1, config.parallel_pulls()));
    }
}
