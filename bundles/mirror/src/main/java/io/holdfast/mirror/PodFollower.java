package io.holdfast.mirror;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

import io.holdfast.cell.Cell;
import io.holdfast.kit.thread.Threads;
import io.holdfast.status.PodStatuses;

/** Brings along what the reconciler shows. */
final class PodFollower implements Threads.Body {

    private final PodStatuses statuses;
    private final Cell<Sight> sight;
    private final InstantSource clock;

    PodFollower(PodStatuses statuses, Cell<Sight> sight, InstantSource clock) {
        this.statuses = statuses;
        this.sight = sight;
        this.clock = clock;
    }

    @Override
    public void run() throws InterruptedException {
        Optional<Instant> complete = Optional.empty();
        for (PodStatuses.Snapshot now = statuses.current();; now = statuses.after(now.version())) {
            if (complete.isEmpty() && statuses.isComplete()) {
                complete = Optional.of(clock.instant());
            }
            PodStatuses.Snapshot snapshot = now;
            Optional<Instant> since = complete;
            sight.update(s -> s.with(snapshot.pods(), since));
        }
    }
}
