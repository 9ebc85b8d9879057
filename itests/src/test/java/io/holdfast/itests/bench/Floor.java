package io.holdfast.itests.bench;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Semaphore;

import org.jspecify.annotations.Nullable;

/** The engine's own calls alone: nobody can be faster. The same pods as the agent's, on the host network. */
interface Floor extends AutoCloseable {

    /** A running pod. */
    record Raw(String name, String sandbox, String container) {
    }

    /** @param data what it has at {@code /data}, where it leaves its stamps */
    Raw start(String name, @Nullable Path data);

    /** Makes and starts one more container in the sandbox. */
    String container(String name, String sandbox, int attempt, @Nullable Path data);

    /** By the engine's own clock. */
    Instant startedAt(String container);

    void stop(Raw raw);

    void remove(Raw raw);

    /** Starts many pods, some at a time, and returns when all calls have returned. */
    default List<Raw> startAll(List<String> names, Path data, int parallel) throws InterruptedException {
        List<Raw> started = Collections.synchronizedList(new ArrayList<>());
        Semaphore permits = new Semaphore(parallel);
        List<Thread> threads = new ArrayList<>();
        for (String name : names) {
            threads.add(Thread.ofVirtual().start(() -> {
                permits.acquireUninterruptibly();
                try {
                    started.add(start(name, data));
                } finally {
                    permits.release();
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return started;
    }

    @Override
    void close();
}
