package io.holdfast.testkit;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

import io.holdfast.cell.Cell;
import io.holdfast.source.ManifestSource;

/** One call of {@link ManifestSource#watch} on a thread of its own, as the core does it. */
public final class Watching implements AutoCloseable {

    /** How a call ended; the throwable is absent when it just returned. */
    public record Ending(Optional<Throwable> thrown) {
    }

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Cell<Optional<Ending>> ending = new Cell<>(Optional.empty());
    private final Thread thread;

    private Watching(ManifestSource source, RecordingSink sink) {
        thread = Thread.ofVirtual().name("watching").start(() -> run(source, sink));
    }

    public static Watching start(ManifestSource source, RecordingSink sink) {
        return new Watching(source, sink);
    }

    /** Waits until the call has ended by itself. */
    public Ending ending() throws InterruptedException {
        return ending.after(0, PATIENCE).value().orElseThrow(() -> new AssertionError("watch goes on and on"));
    }

    /** Waits for a failure of the source. */
    public Throwable failure() throws InterruptedException {
        return ending().thrown().orElseThrow(() -> new AssertionError("watch returned without being interrupted"));
    }

    public boolean ended() {
        return ending.value().isPresent();
    }

    /** What the call has thrown, if it has ended so. */
    public Optional<Throwable> thrown() {
        return ending.value().flatMap(Ending::thrown);
    }

    /** Interrupts the call; the contract gives it a second to end. */
    public boolean interrupt() throws InterruptedException {
        thread.interrupt();
        return thread.join(Duration.ofSeconds(1));
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(PATIENCE);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void run(ManifestSource source, RecordingSink sink) {
        try {
            source.watch(sink);
            ending.set(Optional.of(new Ending(Optional.empty())));
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            ending.set(Optional.of(new Ending(Optional.of(e))));
        }
    }
}
