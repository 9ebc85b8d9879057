package io.holdfast.endpoint;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.holdfast.cell.Cell;

/** The threads that answer requests, one for each: come and go, and are gone when this is closed. */
final class Workers implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Workers.class);
    private static final Duration PATIENCE = Duration.ofMillis(800);

    private final Cell<Set<Thread>> running = new Cell<>(Set.of());

    Thread start(Runnable work) {
        Thread thread = Thread.ofVirtual().name("endpoint-request")
                .uncaughtExceptionHandler((t, e) -> LOG.error("a request could not be answered", e)).unstarted(() -> {
                    try {
                        work.run();
                    } finally {
                        change(all -> all.remove(Thread.currentThread()));
                    }
                });
        change(all -> all.add(thread));
        thread.start();
        return thread;
    }

    @Override
    public void close() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        boolean interrupted = false;
        for (Cell.Versioned<Set<Thread>> now = running.current(); !now.value().isEmpty()
                && System.nanoTime() < deadline; now = running.current()) {
            now.value().forEach(Thread::interrupt);
            try {
                running.after(now.version(), Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
            } catch (InterruptedException _) {
                interrupted = true; // to be told when all is done
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void change(Consumer<Set<Thread>> change) {
        running.update(all -> {
            Set<Thread> changed = new HashSet<>(all);
            change.accept(changed);
            return Set.copyOf(changed);
        });
    }
}
