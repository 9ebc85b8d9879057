package io.holdfast.reconciler;

import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import io.holdfast.cell.Cell;
import io.holdfast.pod.PodName;
import io.holdfast.runtime.ObservedPod;
import io.holdfast.source.ConfigObject;
import io.holdfast.source.DesiredPod;
import io.holdfast.source.DesiredPods;

/** All workers, one for each pod name that is wanted or seen. */
final class PodWorkers implements PodWorker.Owner {

    private static final Duration END = Duration.ofMillis(500); // all of it has to fit into the second that stopping may take

    private final Kit kit;
    private final Cell<Map<String, Kit.Engine>> engines;
    private final Targets targets;
    private final Map<PodName, PodWorker> workers = new ConcurrentHashMap<>();
    private final Cell<DesiredPods.Snapshot> desired = new Cell<>(DesiredPods.Snapshot.EMPTY);
    private final Orders orders;

    /** Pods of a high priority are the first to come, where many do at once. */
    private static final Comparator<Map.Entry<PodName, DesiredPod>> FIRST_STARTED = Comparator.comparingInt(
            entry -> -Order.priority(entry.getValue().pod().spec()));

    /** What may be left of pods that never ran; null before the first engine was found. */
    private @Nullable Set<String> leftovers;

    /** @param engines those in use, once what runs on them is known */
    PodWorkers(Kit kit, Cell<Map<String, Kit.Engine>> engines, Targets targets) {
        this.kit = kit;
        this.engines = engines;
        this.targets = targets;
        orders = new Orders(kit, desired::value, this::poke);
    }

    @Override
    public Map<String, Kit.Engine> engines() {
        return engines.value();
    }

    @Override
    public Orders orders() {
        return orders;
    }

    @Override
    public Targets targets() {
        return targets;
    }

    @Override
    public Optional<PodName> otherUser(String uid, PodName than) {
        return workers.values().stream().filter(worker -> !worker.name().equals(than))
                .filter(worker -> worker.sandboxes().stream().anyMatch(s -> s.uid().equals(uid))).map(PodWorker::name).findFirst();
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
    synchronized void desire(DesiredPods.Snapshot next) {
        DesiredPods.Snapshot before = desired.value();
        boolean spoken = !next.reported().equals(before.reported());
        List<PodWorker> gone = workers.values().stream().filter(worker -> !next.pods().containsKey(worker.name())
                && (spoken || before.pods().containsKey(worker.name()))).toList();
        leave(gone, next); // all of them, before the first one acts
        desired.set(next);
        if (leftovers != null && !leftovers.isEmpty()) {
            next.pods().values().forEach(pod -> leftovers.remove(pod.uid()));
        }
        orders.desired(next.pods());
        next.pods().entrySet().stream().sorted(FIRST_STARTED).forEach(entry -> {
            if (!same(entry.getValue(), before.pods().get(entry.getKey()))
                    && workers.computeIfPresent(entry.getKey(), (_, worker) -> poked(worker)) == null) {
                // what is on the engine had a worker since adopt, and keeps it until a look shows nothing
                start(entry.getKey(), Map.of());
            }
        });
        gone.forEach(PodWorker::poke);
        Set<ConfigObject.Key> changed = References.changed(before.objects(), next.objects());
        if (!changed.isEmpty()) {
            next.pods().values().stream().filter(pod -> !Collections.disjoint(References.of(pod.pod()), changed))
                    .forEach(pod -> wake(pod.name()));
        }
    }

    private void leave(Collection<PodWorker> some, DesiredPods.Snapshot by) {
        orders.leave(some.stream().filter(w -> w.isUnwanted(by))
                .collect(Collectors.toMap(PodWorker::name, PodWorker::sandboxes)));
    }

    @SuppressWarnings("ReferenceEquality") // the contract of DesiredPods: what did not change is the same instance
    private static boolean same(DesiredPod now, @Nullable DesiredPod before) {
        return now == before;
    }

    private static PodWorker poked(PodWorker worker) {
        worker.poke();
        return worker;
    }

    /** All that an engine has: wakes the workers that did not know, and makes one for what nobody wants. */
    void observed(String runtime, List<ObservedPod> pods) {
        Map<PodName, ObservedPod> byName = byName(pods);
        workers.forEach((name, worker) -> worker.observed(runtime, Optional.ofNullable(byName.get(name))));
        byName.forEach((name, pod) -> {
            if (!workers.containsKey(name)) {
                start(name, Map.of(runtime, pod));
            }
        });
    }

    private static Map<PodName, ObservedPod> byName(List<ObservedPod> pods) {
        Map<PodName, ObservedPod> byName = new HashMap<>();
        pods.forEach(p -> byName.put(p.name(), p));
        return byName;
    }

    /**
     * The engine is there, and this is what runs on it. Pods that run have their ports before any other may take them.
     */
    synchronized void adopt(Kit.Engine found, List<ObservedPod> pods) throws InterruptedException {
        boolean all = sweep(found.name(), pods);
        for (ObservedPod pod : pods) {
            DesiredPod wanted = desired.value().pods().get(pod.name());
            if (wanted != null && pod.sandboxes().stream().anyMatch(s -> s.ready() && s.uid().equals(wanted.uid()))) {
                kit.ports().seize(pod.name(), wanted.pod().spec());
            }
        }
        Map<PodName, ObservedPod> byName = byName(pods);
        workers.forEach((name, worker) -> worker.adopted(found.name(), Optional.ofNullable(byName.get(name))));
        pods.stream().filter(p -> !workers.containsKey(p.name())).forEach(p -> start(p.name(), Map.of(found.name(), p)));
        leave(workers.values(), desired.value());
        engines.update(now -> {
            Map<String, Kit.Engine> next = new HashMap<>(now);
            next.put(found.name(), found);
            return Map.copyOf(next);
        });
        forgiveAll();
        if (all) {
            kit.board().complete();
        }
    }

    /**
     * Removes what nobody wants and no engine has, once all engines are there that may have something. What workers lay
     * out from now on is of pods that are wanted.
     *
     * @return whether all are there
     */
    private boolean sweep(String found, List<ObservedPod> pods) throws InterruptedException {
        Set<String> left = leftovers == null ? Leftovers.find(kit.node()) : leftovers;
        leftovers = left;
        desired.value().pods().values().forEach(p -> left.remove(p.uid()));
        pods.forEach(p -> p.sandboxes().forEach(s -> left.remove(s.uid())));
        Set<String> there = new HashSet<>(engines.value().keySet());
        there.add(found);
        boolean all = there.containsAll(kit.placements().runtimes());
        if (all) {
            Leftovers.remove(kit.node(), left, kit.cgroups());
            left.clear();
        }
        return all;
    }

    /** The engine went away; whatever is on it stays. */
    void lost(String runtime) {
        engines.update(now -> {
            Map<String, Kit.Engine> next = new HashMap<>(now);
            next.remove(runtime);
            return Map.copyOf(next);
        });
    }

    /** An engine was asked for the first time, and did not answer: nobody need wait for it. */
    void failed(String runtime) {
        targets.failed(runtime);
        forgiveAll();
    }

    /** An engine is gone for good. */
    void forget(String runtime) {
        kit.placements().forget(runtime);
        workers.values().forEach(worker -> worker.forget(runtime));
        if (!engines.value().isEmpty() && engines.value().keySet().containsAll(kit.placements().runtimes())) {
            kit.board().complete(); // it may have been the one that was missing
        }
    }

    /** @param looks what was seen just now; a name without a worker is on none of the other engines */
    private void start(PodName name, Map<String, ObservedPod> looks) {
        PodWorker worker = new PodWorker(name, kit, this);
        looks.forEach((runtime, pod) -> worker.adopted(runtime, Optional.of(pod)));
        engines.value().keySet().forEach(runtime -> worker.adopted(runtime, Optional.empty()));
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
