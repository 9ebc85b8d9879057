package io.holdfast.reconciler;

import java.time.Duration;
import java.util.List;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts threads that end by interruption only, and say so when they end by a fault. */
final class Threads {

    private static final Logger LOG = LoggerFactory.getLogger(Threads.class);

    interface Interruptible {
        void run() throws InterruptedException;
    }

    private Threads() {
    }

    static Thread start(String name, Interruptible work) {
        return Thread.ofVirtual().name(name)
                .uncaughtExceptionHandler((t, e) -> LOG.error("thread {} ended by a fault", t.getName(), e))
                .start(() -> {
                    try {
                        work.run();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt(); // the only way these threads are asked to end
                    }
                });
    }

    /**
     * Interrupts them all and waits until they have ended, but no longer than that. An interrupt of the caller, such as of
     * the command that stops a bundle, does not cut it short: who comes after must find nobody at work.
     */
    static void stop(Duration most, List<Thread> threads) {
        threads.forEach(Thread::interrupt);
        long deadline = System.nanoTime() + most.toNanos();
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
