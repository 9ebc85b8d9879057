package io.holdfast.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;

import com.fasterxml.jackson.databind.JsonNode;

import io.holdfast.cell.Cell;
import io.holdfast.status.PodStatuses;
import io.holdfast.status.PodView;
import io.holdfast.status.Publication;

/** A mirror between a reconciler and an API server, both in memory. */
final class Lab implements PodStatuses, AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(20);
    static final Settings SETTINGS = new Settings(true, Map.of(),
            List.of(new NodeObject.Taint("holdfast.io/static-only", "", "NoSchedule")), Duration.ofSeconds(40));

    final FakeApiServer server = new FakeApiServer(Pods.NODE);

    private final Cell<List<PodView>> pods = new Cell<>(List.of());
    private final Cell<Boolean> complete = new Cell<>(true);
    private Optional<Mirroring> mirroring = Optional.empty();

    void show(PodView... views) {
        pods.update(before -> {
            List<PodView> next = new ArrayList<>(before);
            for (PodView view : views) {
                next.removeIf(old -> old.name().equals(view.name()));
                next.add(view);
            }
            return next;
        });
    }

    void remove(String name) {
        pods.update(before -> before.stream().filter(pod -> !pod.name().equals(Pods.name(name))).toList());
    }

    void notComplete() {
        complete.set(false);
    }

    void complete() {
        complete.set(true);
        pods.update(ArrayList::new);
    }

    void start() {
        start(SETTINGS);
    }

    void start(Settings settings) {
        NodeStatus status = new NodeStatus(new Machine(Path.of("/"), Path.of("/tmp")), Pods.NODE, "192.0.2.7", "1.2.3");
        Engine engine = new Engine("containerd://1.6.20", Optional.empty());
        mirroring = Optional.of(new Mirroring(server, Pods.NODE, this, settings,
                () -> status.now(engine, OptionalInt.of(10250))));
    }

    void stop() {
        mirroring.ifPresent(Mirroring::close);
        mirroring = Optional.empty();
    }

    Publication.State state() {
        return mirroring.orElseThrow().state();
    }

    Publication.Refusal awaitRefusal(String name) throws InterruptedException {
        await("the refusal is shown", () -> state().refused().containsKey(Pods.name(name)));
        return Objects.requireNonNull(state().refused().get(Pods.name(name)));
    }

    /** The UID of the mirror once there is one other than that. */
    String awaitMirror(String name, String otherThan) throws InterruptedException {
        await(name + " has a mirror", () -> uid(name).filter(uid -> !uid.equals(otherThan)).isPresent());
        return uid(name).orElseThrow();
    }

    String awaitMirror(String name) throws InterruptedException {
        return awaitMirror(name, "");
    }

    void awaitPhase(String name, String phase) throws InterruptedException {
        await(name + " is " + phase,
                () -> at(name, "/status/phase").equals(phase) && at(name, "/status/hostIP").equals("192.0.2.7"));
    }

    Optional<String> uid(String name) {
        return server.object(Pods.path(name)).map(pod -> pod.at("/metadata/uid").asText());
    }

    String at(String name, String pointer) {
        return server.object(Pods.path(name)).map(pod -> pod.at(pointer)).map(JsonNode::asText).orElse("");
    }

    void await(String what, BooleanSupplier so) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (long version = -1; !so.getAsBoolean();) {
            assertThat(System.nanoTime()).as("in time: %s; %s", what, server.state().value().requests())
                    .isLessThan(deadline);
            version = server.state().after(version, Duration.ofMillis(50)).version();
        }
    }

    @Override
    public Snapshot current() {
        Cell.Versioned<List<PodView>> now = pods.current();
        return new Snapshot(now.version(), now.value());
    }

    @Override
    public Snapshot after(long version) throws InterruptedException {
        Cell.Versioned<List<PodView>> now = pods.after(version);
        return new Snapshot(now.version(), now.value());
    }

    @Override
    public boolean isComplete() {
        return complete.value();
    }

    @Override
    public void close() {
        stop();
    }
}
