package io.holdfast.reconciler;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

import io.holdfast.cell.Cell;
import io.holdfast.pod.PodName;
import io.holdfast.runtime.ObservedPod;
import io.holdfast.source.DesiredPod;
import io.holdfast.source.DesiredPods;

/** All workers, one for each pod name that is wanted or seen. */
final class PodWorkers implements PodWorker.Owner {

    private static final Duration END = Duration.ofMillis(500); // all of it has to fit into the second that stopping may take

    private final Kit kit;
    private final Cell<Optional<Kit.Engine>> engine;
    private final Map<PodName, PodWorker> workers = new ConcurrentHashMap<>();
    private final Cell<DesiredPods.Snapshot> desired = new Cell<>(DesiredPods.Snapshot.EMPTY);

    /** @param engine the engine in use, once what runs on it is known */
    PodWorkers(Kit kit, Cell<Optional<Kit.Engine>> engine) {
        this.kit = kit;
        this.engine = engine;
    }

    @Override
    public Optional<Kit.Engine> engine() {
        return engine.value();
    }

    @Override
    public DesiredPods.Snapshot desired() {
        return desired.value();
    }

    /** Waits until it was said for the first time what is wanted. */
    void awaitDesired() throws InterruptedException {
        desired.after(0);
    }

    /** Wakes those whose pod changed; entries that are the same instances as before cost a comparison. */
    void desire(DesiredPods.Snapshot next) {
        DesiredPods.Snapshot before = desired.value();
        desired.set(next);
        next.pods().forEach((name, pod) -> {
            if (!same(pod, before.pods().get(name))
                    && workers.computeIfPresent(name, (_, worker) -> poked(worker)) == null) {
                // what is on the engine had a worker since adopt, and keeps it until a look shows nothing
                start(name, engine.value().isPresent() ? new ObservedPod(name, List.of()) : null);
            }
        });
        boolean spoken = !next.reported().equals(before.reported());
        workers.forEach((name, worker) -> {
            if (!next.pods().containsKey(name) && (spoken || before.pods().containsKey(name))) {
                worker.poke();
            }
        });
    }

    @SuppressWarnings("ReferenceEquality") // the contract of DesiredPods: what did not change is the same instance
    private static boolean same(DesiredPod now, @Nullable DesiredPod before) {
        return now == before;
    }

    private static PodWorker poked(PodWorker worker) {
        worker.poke();
        return worker;
    }

    /** All that the engine has: wakes the workers that did not know, and makes one for what nobody wants. */
    void observed(List<ObservedPod> pods) {
        Map<PodName, ObservedPod> byName = new HashMap<>();
        pods.forEach(p -> byName.put(p.name(), p));
        workers.forEach((name, worker) -> worker.observed(Optional.ofNullable(byName.get(name))));
        byName.keySet().stream().filter(name -> !workers.containsKey(name)).forEach(name -> start(name, null));
    }

    /**
     * The engine is there, and this is what runs on it. Pods that run have their ports before any other may take them.
     */
    void adopt(Kit.Engine found, List<ObservedPod> pods) throws InterruptedException {
        if (engine.current().version() == 0) { // no worker has begun
            Leftovers.remove(kit.node(), uids(pods));
        }
        for (ObservedPod pod : pods) {
            DesiredPod wanted = desired.value().pods().get(pod.name());
            if (wanted != null && pod.sandboxes().stream().anyMatch(s -> s.ready() && s.uid().equals(wanted.uid()))) {
                kit.ports().seize(pod.name(), wanted.pod().spec());
            }
        }
        pods.stream().filter(p -> !workers.containsKey(p.name())).forEach(p -> start(p.name(), p));
        engine.set(Optional.of(found));
        forgiveAll();
    }

    private Set<String> uids(List<ObservedPod> pods) {
        Set<String> uids = new HashSet<>();
        desired.value().pods().values().forEach(p -> uids.add(p.uid()));
        pods.forEach(p -> p.sandboxes().forEach(s -> uids.add(s.uid())));
        return uids;
    }

    private void start(PodName name, @Nullable ObservedPod firstLook) {
        PodWorker worker = new PodWorker(name, firstLook, kit, this);
        if (workers.putIfAbsent(name, worker) == null) {
            worker.start(); // once others can find it: whatever changes from now on wakes it, the rest it sees
        }
    }

    /** Whatever they wait for may be possible now. */
    void forgiveAll() {
        workers.values().forEach(PodWorker::forgive);
    }

    @Override
    public void wake(PodName other) {
        PodWorker worker = workers.get(other);
        if (worker != null) {
            worker.forgive();
        }
    }

    /** A hint of the engine. */
    void poke(PodName name) {
        PodWorker worker = workers.get(name);
        if (worker != null) {
            worker.poke();
        }
    }

    @Override
    public boolean retire(PodWorker worker, long version) {
        return workers.computeIfPresent(worker.name(), (_, w) -> w.word() == version ? null : w) == null;
    }

    void close() {
        Threads.stop(END, workers.values().stream().flatMap(worker -> worker.thread().stream()).toList());
    }
}
