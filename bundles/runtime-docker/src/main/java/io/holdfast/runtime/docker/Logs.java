package io.holdfast.runtime.docker;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.holdfast.kit.log.LogLimits;
import io.holdfast.runtime.ObservedPod;
import io.holdfast.runtime.ObservedPod.Container;
import io.holdfast.runtime.ObservedPod.State;

/**
 * Has the logs copied of all containers that run, and of those that ended while nobody copied. A thread for each: it is
 * virtual and sleeps most of the time.
 */
final class Logs implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Logs.class);
    /** How long a look waits for the last lines of what has ended: status messages are made of them. */
    private static final Duration LAST_LINES = Duration.ofMillis(500);
    private static final Duration BEFORE_REMOVAL = Duration.ofSeconds(5);
    private static final Duration TICK = Duration.ofMillis(250);

    private final Engine engine;
    private final LogLimits limits;
    private final Map<String, LogCopy> copies = new ConcurrentHashMap<>();
    private final Thread watch;

    Logs(Engine engine, LogLimits limits) {
        this.engine = engine;
        this.limits = limits;
        watch = Thread.ofVirtual().name("logs")
                .uncaughtExceptionHandler((t, e) -> LOG.error("thread {} ended by a fault", t.getName(), e))
                .start(this::watch);
    }

    private void watch() {
        try {
            while (true) {
                Thread.sleep(TICK);
                copies.values().forEach(LogCopy::look);
            }
        } catch (InterruptedException _) {
            // closed
        }
    }

    /** Begins what is to be begun, and returns when the logs of those that have ended are complete. */
    void observed(List<ObservedPod> pods) throws InterruptedException {
        List<LogCopy> last = new ArrayList<>();
        for (Container c : pods.stream().flatMap(p -> p.sandboxes().stream()).flatMap(s -> s.containers().stream())
                .filter(c -> c.logPath() != null).toList()) {
            switch (c.state()) {
                case State.Running _ -> started(c.id().value());
                case State.Exited _ -> last.add(ended(c.id().value()));
                case State.Created _, State.Unknown _ -> {
                }
            }
        }
        Instant deadline = Instant.now().plus(LAST_LINES);
        for (LogCopy copy : last) {
            Duration rest = Duration.between(Instant.now(), deadline);
            if (copy.atWork() && rest.isPositive()) {
                copy.join(rest);
            }
        }
    }

    /** Ends all that are not among these: somebody else has removed them. */
    void keepOnly(Set<String> ids) {
        copies.entrySet().removeIf(e -> !ids.contains(e.getKey()) && !e.getValue().finish().atWork());
    }

    void started(String id) {
        copies.compute(id, (_, old) -> old != null && old.atWork() ? old : begin(id));
    }

    private LogCopy ended(String id) {
        return copies.compute(id, (_, old) -> old != null && (old.atWork() || old.complete()) ? old : begin(id)).finish();
    }

    private LogCopy begin(String id) {
        return new LogCopy(engine, id, limits).begin();
    }

    /** Returns when its log is complete: with the container Docker removes what it has of it. */
    void beforeRemoval(String id) throws InterruptedException {
        ended(id).join(BEFORE_REMOVAL);
        copies.remove(id);
    }

    void reopen(String id) throws IOException {
        LogCopy copy = copies.get(id);
        if (copy != null) {
            copy.reopen();
        }
    }

    @Override
    public void close() {
        watch.interrupt();
        copies.values().forEach(LogCopy::interrupt);
        Instant deadline = Instant.now().plusSeconds(2);
        boolean interrupted = false;
        for (LogCopy copy : copies.values()) {
            try {
                copy.join(Duration.between(Instant.now(), deadline).plusMillis(1));
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
