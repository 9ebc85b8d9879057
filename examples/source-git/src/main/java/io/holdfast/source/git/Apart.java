package io.holdfast.source.git;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

import io.holdfast.cell.Cell;

/** Work of the library on a thread of its own, because the library swallows interrupts. */
final class Apart {

    /** Within what a source may take to end; what takes longer, such as a name server, ends by its own timeout. */
    private static final Duration PATIENCE = Duration.ofMillis(500);

    interface Work<T> {
        T run() throws IOException;
    }

    private sealed interface Outcome<T> {

        record Done<T>(T value) implements Outcome<T> {
        }

        record Failed<T>(Throwable reason) implements Outcome<T> {
        }
    }

    private Apart() {
    }

    /** Waits for the work; an interrupt is passed on to it. */
    static <T> T run(Work<T> work) throws IOException, InterruptedException {
        Cell<Optional<Outcome<T>>> outcome = new Cell<>(Optional.empty());
        Thread worker = Thread.ofVirtual().name("git").start(() -> outcome.set(Optional.of(attempt(work))));
        try {
            return switch (outcome.after(0).value().orElseThrow()) {
                case Outcome.Done<T>(T value) -> value;
                case Outcome.Failed<T>(IOException reason) -> throw reason;
                case Outcome.Failed<T>(Throwable reason) -> throw new IOException(Trouble.of(reason), reason);
            };
        } finally {
            worker.interrupt();
            worker.join(PATIENCE);
        }
    }

    private static <T> Outcome<T> attempt(Work<T> work) {
        try {
            return new Outcome.Done<>(work.run());
        } catch (IOException | RuntimeException | Error e) {
            return new Outcome.Failed<>(e);
        }
    }
}
