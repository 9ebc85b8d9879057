package io.holdfast.reconciler;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Does things side by side and waits for all of them. */
final class Parallel {

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
