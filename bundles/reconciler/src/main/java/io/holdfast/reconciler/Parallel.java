package io.holdfast.reconciler;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

import io.holdfast.cell.Cell;

/** Does things side by side and waits for all of them. */
final class Parallel {

    private static final Duration END = Duration.ofMillis(400);

    interface Task {
        void run() throws InterruptedException;
    }

    private Parallel() {
    }

    /** @throws RuntimeException the first failure, after all have ended; an interrupt interrupts them all */
    static void run(String name, List<Task> tasks) throws InterruptedException {
        if (tasks.size() == 1) {
            tasks.getFirst().run();
            return;
        }
        List<FutureTask<Boolean>> futures = new ArrayList<>();
        for (Task task : tasks) {
            FutureTask<Boolean> future = new FutureTask<>(() -> {
                task.run();
                return true;
            });
            futures.add(future);
            Thread.ofVirtual().name(name).start(future);
        }
        await(futures);
    }

    /**
     * Does something that takes long on a thread of its own; the caller does the other thing whenever there is news, and
     * returns when the first has ended. An interrupt interrupts it.
     *
     * @param wake makes news
     */
    static void run(String name, Task task, Cell<?> news, Runnable wake, Runnable meanwhile) throws InterruptedException {
        FutureTask<Boolean> future = new FutureTask<>(() -> {
            task.run();
            return true;
        });
        Thread thread = Thread.ofVirtual().name(name).start(() -> {
            future.run();
            wake.run();
        });
        try {
            for (long version = news.current().version(); !future.isDone(); version = news.after(version).version()) {
                meanwhile.run();
            }
        } finally {
            if (!future.isDone()) {
                Threads.stop(END, List.of(thread));
            }
        }
        await(List.of(future));
    }

    private static void await(List<FutureTask<Boolean>> futures) throws InterruptedException {
        RuntimeException failure = null;
        try {
            for (FutureTask<Boolean> future : futures) {
                try {
                    future.get();
                } catch (ExecutionException e) {
                    failure = e.getCause() instanceof RuntimeException r ? r : new IllegalStateException(e.getCause());
                }
            }
        } catch (InterruptedException e) {
            futures.forEach(f -> f.cancel(true));
            throw e;
        }
        if (failure != null) {
            throw failure;
        }
    }
}
