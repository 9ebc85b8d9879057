package io.holdfast.manifest;

import java.time.Duration;
import java.util.List;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Owned virtual threads: named, ended by interrupt, joined with a deadline. */
final class Threads {

    private static final Logger LOG = LoggerFactory.getLogger(Manifests.class);
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private Threads() {
    }

    interface Body {

        void run() throws InterruptedException;
    }

    static Thread start(String name, Body body) {
        return Thread.ofVirtual().name(name)
                .uncaughtExceptionHandler((thread, e) -> LOG.error("thread {} died", thread.getName(), e))
                .start(() -> {
                    try {
                        body.run();
                    } catch (InterruptedException e) {
                        // the way it is told to end
                    }
                });
    }

    /**
     * Interrupts them all and waits until they have ended, but not for long. An interrupt of the caller, such as of
     * the command that stops a bundle, does not cut it short: who comes after must find nobody at work.
     */
    static void stop(List<Thread> threads) {
        threads.forEach(Thread::interrupt);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        boolean interrupted = false;
        for (Thread thread : threads) {
            for (boolean joined = false; !joined;) {
                try {
                    if (!thread.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())))) {
                        LOG.warn("thread {} goes on after its interrupt", thread.getName());
                    }
                    joined = true;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
