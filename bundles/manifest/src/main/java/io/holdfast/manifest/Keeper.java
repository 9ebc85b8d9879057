package io.holdfast.manifest;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.holdfast.cell.Cell;
import io.holdfast.source.DesiredPod;
import io.holdfast.source.DesiredPods.Snapshot;

/**
 * Reads the last good pods from disk before anything else happens, then writes them whenever they changed: after they
 * were published, never before.
 */
final class Keeper {

    private static final Logger LOG = LoggerFactory.getLogger(Manifests.class);
    /** Rests this many times as long as a write took, so that writing large sets never fills a disk's time. */
    private static final int REST = 10;
    private static final Duration LONGEST_REST = Duration.ofSeconds(5);
    private static final Comparator<DesiredPod> ORDER = Comparator.comparing(DesiredPod::origin)
            .thenComparing(DesiredPod::name);

    /** @param takenAway for good: whoever still runs pods of it, is to know that after a restart, too */
    private record Saved(List<DesiredPod> pods, boolean takenAway) {

        static final Saved NOTHING = new Saved(List.of(), false);

        boolean isSame(Saved other) {
            if (takenAway != other.takenAway || pods.size() != other.pods.size()) {
                return false;
            }
            for (int i = 0; i < pods.size(); i++) {
                DesiredPod a = pods.get(i);
                DesiredPod b = other.pods.get(i);
                if (!a.origin().equals(b.origin()) || !a.json().equals(b.json())) {
                    return false;
                }
            }
            return true;
        }
    }

    private final Manifests manifests;
    private final LastGood disk;
    private final Map<String, Saved> saved = new HashMap<>();
    private final Cell<List<Thread>> threads = new Cell<>(List.of());
    private Known seen = Known.EMPTY;
    private boolean failing;

    Keeper(Manifests manifests, LastGood disk) {
        this.manifests = manifests;
        this.disk = disk;
    }

    void start() {
        threads.set(List.of(Threads.start("manifest-keeper", this::run)));
    }

    /** Returns when the newest state is on disk, also for a caller that was interrupted. */
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
        try {
            disk.remove(source);
        } catch (IOException e) {
            LOG.warn("cannot remove what is kept of source {}: {}", source, e.toString());
        }
    }

    private void run() throws InterruptedException {
        Map<String, Map<String, Origin>> found = disk.load();
        // not what is desired later: a quick source may have changed that already
        found.forEach((source, origins) -> saved.put(source, new Saved(origins.values().stream()
                .flatMap(origin -> origin.pods().stream()).sorted(ORDER).toList(), origins.isEmpty())));
        manifests.restored(found);
        for (Cell.Versioned<Known> now = manifests.stateAfter(0);; now = manifests.stateAfter(now.version())) {
            long start = System.nanoTime();
            if (save(now.value())) {
                Duration rest = Duration.ofNanos(System.nanoTime() - start).multipliedBy(REST);
                Thread.sleep(rest.compareTo(LONGEST_REST) < 0 ? rest : LONGEST_REST);
            }
        }
    }

    @SuppressWarnings("ReferenceEquality") // an unchanged set is the same instance
    private boolean save(Known state) throws InterruptedException {
        if (state.desired() == seen.desired() && state.takenAway() == seen.takenAway()) {
            return false;
        }
        boolean wrote = false;
        Set<String> sources = new TreeSet<>(saved.keySet());
        state.desired().pods().values().forEach(pod -> sources.add(pod.source()));
        sources.addAll(state.takenAway());
        for (String source : sources) {
            Saved now = new Saved(pods(source, state.desired()), state.takenAway().contains(source));
            if (!now.isSame(saved.getOrDefault(source, Saved.NOTHING))) {
                wrote |= save(source, now);
            }
        }
        seen = state;
        return wrote;
    }

    private static List<DesiredPod> pods(String source, Snapshot snapshot) {
        return snapshot.pods().values().stream().filter(pod -> pod.source().equals(source)).sorted(ORDER).toList();
    }

    private boolean save(String source, Saved now) throws InterruptedException {
        try {
            if (now.takenAway() || !now.pods().isEmpty()) {
                disk.save(source, now.pods());
            } else {
                disk.remove(source);
            }
            saved.put(source, now);
            if (failing) {
                LOG.info("last good manifests are saved again");
            }
            failing = false;
            return true;
        } catch (ClosedByInterruptException e) {
            Thread.interrupted();
            throw new InterruptedException();
        } catch (IOException e) {
            if (!failing) {
                LOG.warn("cannot save last good manifests, a restart will not know them: {}", e.toString());
            }
            failing = true;
            return false;
        }
    }
}
