package io.holdfast.testkit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.holdfast.pod.PodName;
import io.holdfast.runtime.ContainerRuntime.ContainerId;
import io.holdfast.runtime.ContainerRuntime.Image;
import io.holdfast.runtime.ContainerRuntime.SandboxId;
import io.holdfast.runtime.ContainerSpec;
import io.holdfast.runtime.Names;
import io.holdfast.runtime.ObservedPod;
import io.holdfast.runtime.ObservedPod.Container;
import io.holdfast.runtime.ObservedPod.Sandbox;
import io.holdfast.runtime.ObservedPod.State;
import io.holdfast.runtime.SandboxSpec;

/** All that the fake has; immutable: each change makes a new one. */
record FakeEngine(boolean connected, boolean hinting, Map<SandboxId, Box> boxes, Map<ContainerId, ContainerSpec> specs,
        Map<String, Image> images, Map<String, Fault> faults, List<String> calls, List<PodName> hints, long looks) {

    static final int KILLED = 137;
    static final FakeEngine EMPTY = new FakeEngine(true, true, Map.of(), Map.of(), Map.of(), Map.of(), List.of(),
            List.of(), 0);

    record Box(SandboxSpec spec, Sandbox sandbox) {

        Box with(boolean ready, List<Container> containers) {
            Sandbox s = sandbox;
            return new Box(spec, new Sandbox(s.id(), s.uid(), s.attempt(), ready, s.createdAt(), s.ips(), s.labels(),
                    s.annotations(), containers));
        }

        Box map(UnaryOperator<Container> change) {
            return with(sandbox.ready(), sandbox.containers().stream().map(change).toList());
        }
    }

    /** What a test has arranged for calls whose line begins in a certain way. */
    sealed interface Fault {
        record Refused(String message) implements Fault {
        }

        record AnswerLost() implements Fault {
        }

        record Blocked() implements Fault {
        }
    }

    Optional<Box> boxOf(ContainerId id) {
        return boxes.values().stream()
                .filter(b -> b.sandbox().containers().stream().anyMatch(c -> c.id().equals(id))).findFirst();
    }

    Optional<Container> container(ContainerId id) {
        return boxes.values().stream().flatMap(b -> b.sandbox().containers().stream()).filter(c -> c.id().equals(id))
                .findFirst();
    }

    /** Sandboxes that carry our label, newest first. */
    private Stream<Box> ours() {
        return new ArrayList<>(boxes.values()).reversed().stream()
                .filter(b -> "true".equals(b.sandbox().labels().get(Names.MANAGED)));
    }

    List<ObservedPod> pods() {
        return ours().collect(Collectors.groupingBy(b -> b.spec().name())).entrySet().stream()
                .map(e -> new ObservedPod(e.getKey(), e.getValue().stream().map(Box::sandbox).toList()))
                .sorted(Comparator.comparing(ObservedPod::name)).toList();
    }

    Optional<ObservedPod> pod(PodName name) {
        List<Sandbox> found = ours().filter(b -> b.spec().name().equals(name)).map(Box::sandbox).toList();
        return found.isEmpty() ? Optional.empty() : Optional.of(new ObservedPod(name, found));
    }

    Optional<Map.Entry<String, Fault>> fault(String call) {
        return faults.entrySet().stream().filter(e -> call.startsWith(e.getKey())).findFirst();
    }

    FakeEngine put(Box box) {
        return withBoxes(plus(boxes, box.sandbox().id(), box)).hint(box.spec().name());
    }

    FakeEngine drop(SandboxId id) {
        Box gone = boxes.get(id);
        return gone == null ? this : withBoxes(minus(boxes, id)).hint(gone.spec().name());
    }

    FakeEngine moved(ContainerId id, State to) {
        return boxOf(id).map(box -> put(box.map(c -> c.id().equals(id) ? in(c, to) : c))).orElse(this);
    }

    /** A running container becomes an exited one; any other stays as it is. */
    FakeEngine ended(ContainerId id, int code, Instant at) {
        return container(id).filter(FakeEngine::runs).map(c -> moved(id, exited(c, code, at))).orElse(this);
    }

    FakeEngine stopped(SandboxId id, Instant at) {
        Box box = boxes.get(id);
        return box == null ? this : put(box.with(false, box.sandbox().containers().stream()
                .map(c -> runs(c) ? in(c, exited(c, KILLED, at)) : c).toList()));
    }

    static boolean runs(Container container) {
        return container.state() instanceof State.Running;
    }

    private static State exited(Container c, int code, Instant at) {
        Instant started = c.state() instanceof State.Running(Instant since) ? since : Instant.EPOCH;
        return new State.Exited(code, code == 0 ? "Completed" : "Error", "", started, at);
    }

    private static Container in(Container c, State state) {
        return new Container(c.id(), c.name(), c.attempt(), state, c.image(), c.imageId(), c.logPath(), c.labels(),
                c.annotations());
    }

    FakeEngine hint(PodName name) {
        return hinting ? new FakeEngine(connected, true, boxes, specs, images, faults, calls, plus(hints, name), looks)
                : this;
    }

    FakeEngine called(String call) {
        return new FakeEngine(connected, hinting, boxes, specs, images, faults, plus(calls, call), hints, looks);
    }

    FakeEngine looked() {
        return new FakeEngine(connected, hinting, boxes, specs, images, faults, calls, hints, looks + 1);
    }

    FakeEngine connected(boolean is) {
        return new FakeEngine(is, hinting, boxes, specs, images, faults, calls, hints, looks);
    }

    FakeEngine hinting(boolean is) {
        return new FakeEngine(connected, is, boxes, specs, images, faults, calls, hints, looks);
    }

    FakeEngine withBoxes(Map<SandboxId, Box> all) {
        return new FakeEngine(connected, hinting, all, specs, images, faults, calls, hints, looks);
    }

    FakeEngine withSpec(ContainerId id, ContainerSpec spec) {
        return new FakeEngine(connected, hinting, boxes, plus(specs, id, spec), images, faults, calls, hints, looks);
    }

    FakeEngine withImages(Map<String, Image> all) {
        return new FakeEngine(connected, hinting, boxes, specs, all, faults, calls, hints, looks);
    }

    FakeEngine withFaults(Map<String, Fault> all) {
        return new FakeEngine(connected, hinting, boxes, specs, images, all, calls, hints, looks);
    }

    static <K, V> Map<K, V> plus(Map<K, V> map, K key, V value) {
        Map<K, V> copy = new LinkedHashMap<>(map);
        copy.put(key, value);
        return copy;
    }

    static <K, V> Map<K, V> minus(Map<K, V> map, K key) {
        Map<K, V> copy = new LinkedHashMap<>(map);
        copy.remove(key);
        return copy;
    }

    private static <T> List<T> plus(List<T> list, T last) {
        List<T> copy = new ArrayList<>(list);
        copy.add(last);
        return copy;
    }
}
