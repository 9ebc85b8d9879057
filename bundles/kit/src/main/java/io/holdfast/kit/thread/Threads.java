package io.holdfast.kit.thread;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Virtual threads of one owner: named, ended by interrupt, joined with a deadline. */
public final class Threads implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Threads.class);
    /** For all together; watching is to end within a second. */
    private static final Duration PATIENCE = Duration.ofMillis(800);

    public interface Body {

        void run() throws InterruptedException;
    }

    private final List<Thread> threads = new ArrayList<>();

    public void start(String name, Body body) {
        threads.add(Thread.ofVirtual().name(name)
                .uncaughtExceptionHandler((thread, e) -> LOG.error("thread {} died", thread.getName(), e))
                .start(() -> {
                    try {
                        body.run();
                    } catch (InterruptedException _) {
                        // the way it is told to end
                    }
                }));
    }

    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        boolean interrupted = false;
        for (Thread thread : threads) {
            interrupted |= join(thread, deadline);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether there was an interrupt meanwhile, which does not make it give up: nothing may be left behind. */
    private static boolean join(Thread thread, long deadline) {
        for (boolean interrupted = false;; interrupted = true) {
            try {
                thread.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
                return interrupted;
            } catch (InterruptedException _) {
                // to be told when all is done
            }
        }
    }
}
