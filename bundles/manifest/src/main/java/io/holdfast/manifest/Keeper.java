package io.holdfast.manifest;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.holdfast.cell.Cell;

/**
 * Reads what was last good before anything else happens, then writes it whenever it changed: after it was published,
 * never before.
 */
final class Keeper {

    /** Rests this many times as long as a write took, so that writing large sets never fills a disk's time. */
    private static final int REST = 10;
    private static final Duration LONGEST_REST = Duration.ofSeconds(5);

    private final Manifests manifests;
    private final Shelf disk;
    private final Shelf memory;
    private final Cell<List<Thread>> threads = new Cell<>(List.of());
    private Known seen = Known.EMPTY;

    /** @param memory for what must not be on disk */
    Keeper(Manifests manifests, LastGood disk, LastGood memory) {
        this.manifests = manifests;
        this.disk = new Shelf(disk, false);
        this.memory = new Shelf(memory, true);
    }

    void start() {
        threads.set(List.of(Threads.start("manifest-keeper", this::run)));
    }

    /** Returns when the newest state is saved, also for a caller that was interrupted. */
    void close() {
        Threads.stop(threads.value());
        boolean interrupted = Thread.interrupted(); // or else nothing could be written
        try {
            save(manifests.state());
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** A source that was taken away is back: from now on, what is not on disk is not known to be gone. */
    void welcome(String source) {
        disk.remove(source);
    }

    private void run() throws InterruptedException {
        manifests.restored(load());
        for (Cell.Versioned<Known> now = manifests.stateAfter(0);; now = manifests.stateAfter(now.version())) {
            long start = System.nanoTime();
            if (save(now.value())) {
                Duration rest = Duration.ofNanos(System.nanoTime() - start).multipliedBy(REST);
                Thread.sleep(rest.compareTo(LONGEST_REST) < 0 ? rest : LONGEST_REST);
            }
        }
    }

    private Map<String, Map<String, Origin>> load() {
        Map<String, Map<String, Origin>> found = disk.load();
        memory.load().forEach((source, origins) -> {
            Map<String, Origin> others = found.get(source);
            if (others == null || !others.isEmpty()) { // else it was taken away
                Map<String, Origin> all = new HashMap<>(others == null ? Map.of() : others);
                origins.forEach((name, origin) -> all.merge(name, origin, Origin::and));
                found.put(source, all);
            }
        });
        return found;
    }

    @SuppressWarnings("ReferenceEquality") // an unchanged set is the same instance
    private boolean save(Known state) throws InterruptedException {
        if (state.desired() == seen.desired() && state.takenAway() == seen.takenAway()) {
            return false;
        }
        boolean wrote = disk.save(state) | memory.save(state);
        seen = state;
        return wrote;
    }
}
