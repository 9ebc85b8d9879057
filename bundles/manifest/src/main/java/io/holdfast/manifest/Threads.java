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

    static void stop(List<Thread> threads) {
        threads.forEach(Thread::interrupt);
        for (Thread thread : threads) {
            try {
                if (!thread.join(PATIENCE)) {
                    LOG.warn("thread {} goes on after its interrupt", thread.getName());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
