package io.holdfast.reconciler;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import io.holdfast.cell.Cell;
import io.holdfast.pod.PodName;
import io.holdfast.runtime.ObservedPod;
import io.holdfast.runtime.ObservedPod.Sandbox;

/** What was last seen of one pod name on each runtime. For any thread. */
final class Sightings {

    /** @param fresh nothing was done since: as good as a new look, once */
    private record Seen(List<Sandbox> sandboxes, boolean fresh) {
    }

    private final Cell<Map<String, Seen>> seen = new Cell<>(Map.of());

    /** A look at a runtime that this worker has never had to do with. */
    void first(String runtime, Optional<ObservedPod> pod) {
        seen.update(all -> all.containsKey(runtime) ? all : with(all, runtime, new Seen(sandboxes(pod), true)));
    }

    /** @return false: that was known */
    boolean learn(String runtime, Optional<ObservedPod> pod) {
        List<Sandbox> now = sandboxes(pod);
        if (now.equals(at(runtime))) {
            return false;
        }
        seen.update(all -> with(all, runtime, new Seen(now, false)));
        return true;
    }

    /** What the worker's own step has made of it, so that it need not look. */
    void made(String runtime, List<Sandbox> now) {
        seen.update(all -> with(all, runtime, new Seen(now, true)));
    }

    /** The runtime is given up: what it has of the pod is nobody's any more. */
    void forget(String runtime) {
        seen.update(all -> with(all, runtime, new Seen(List.of(), false)));
    }

    /** Looks, unless that was just done. */
    List<Sandbox> look(Kit.Engine engine, PodName name) throws InterruptedException {
        Seen known = seen.value().get(engine.name());
        List<Sandbox> now = known != null && known.fresh() ? known.sandboxes()
                : sandboxes(engine.runtime().pod(name));
        seen.update(all -> with(all, engine.name(), new Seen(now, false)));
        return now;
    }

    private List<Sandbox> at(String runtime) {
        Seen known = seen.value().get(runtime);
        return known == null ? List.of() : known.sandboxes();
    }

    /** On all runtimes. */
    List<Sandbox> all() {
        return seen.value().values().stream().flatMap(s -> s.sandboxes().stream()).toList();
    }

    /** The runtimes that have something of it. */
    Set<String> runtimes() {
        return seen.value().entrySet().stream().filter(e -> !e.getValue().sandboxes().isEmpty()).map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    /** The editions of which something is left, anywhere. */
    Set<String> uids() {
        return all().stream().map(Sandbox::uid).collect(Collectors.toSet());
    }

    private static List<Sandbox> sandboxes(Optional<ObservedPod> pod) {
        return pod.map(ObservedPod::sandboxes).orElse(List.of());
    }

    private static Map<String, Seen> with(Map<String, Seen> all, String runtime, Seen now) {
        Map<String, Seen> next = new HashMap<>(all);
        next.put(runtime, now);
        return Map.copyOf(next);
    }
}
