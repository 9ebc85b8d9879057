package io.holdfast.reconciler;

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
}
