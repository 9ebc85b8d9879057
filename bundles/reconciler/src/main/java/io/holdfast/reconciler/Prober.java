package io.holdfast.reconciler;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.holdfast.cell.Cell;
import io.holdfast.pod.Container;
import io.holdfast.pod.Lifecycle;
import io.holdfast.pod.PodName;
import io.holdfast.pod.Probe;
import io.holdfast.reconciler.Probing.Kind;
import io.holdfast.runtime.ContainerRuntime;
import io.holdfast.runtime.ContainerRuntime.ContainerId;
import io.holdfast.runtime.ObservedPod;
import io.holdfast.runtime.ObservedPod.Sandbox;
import io.holdfast.runtime.ObservedPod.State;
import io.holdfast.source.DesiredPod;

/**
 * Probes the containers of one pod, and carries out their postStart hooks (behaviours P1 to P5, C8). Owned by the pod's
 * worker; what was found is a value, and a change of it wakes the worker.
 */
final class Prober {

    private static final Logger LOG = LoggerFactory.getLogger(Prober.class);
    private static final Duration END = Duration.ofMillis(500);

    private final PodName name;
    private final Kit kit;
    private final EventLog events;
    private final Runnable wake;
    private final Cell<Vitals> vitals = new Cell<>(Vitals.NONE);
    private final Map<ContainerId, Care> cares = new HashMap<>();
    private volatile @Nullable ContainerRuntime runtime;

    /**
     * The threads of a container.
     *
     * @param vital hook, startup and liveness: they end when the pod is told to go, readiness goes on (P4)
     * @param stopping whether it is being stopped: then it may fail, and nobody need be told
     */
    private record Care(List<Thread> vital, List<Thread> readiness, Cell<Boolean> stopping) {

        void halt() {
            stopping.set(true);
            vital.forEach(Thread::interrupt);
        }


        Stream<Thread> all() {
            return Stream.concat(vital.stream(), readiness.stream());
        }
    }

    /** A container that runs. */
    private record Running(Container spec, ContainerId id, String ip, Instant since, boolean found, VitalMarks marks,
            Cell<Boolean> stopping) {
    }

    Prober(PodName name, Kit kit, EventLog events, Runnable wake) {
        this.name = name;
        this.kit = kit;
        this.events = events;
        this.wake = wake;
    }

    Vitals vitals() {
        return vitals.value();
    }

    /**
     * Begins with containers that have come to run, and leaves off from those that do not run any more.
     *
     * @param desired what is to run, or null: then only what is probed already goes on
     */
    void follow(@Nullable DesiredPod desired, List<Sandbox> seen, ContainerRuntime on) {
        runtime = on;
        Map<ContainerId, Sandbox> running = new HashMap<>();
        seen.forEach(s -> s.containers().stream().filter(c -> c.state() instanceof State.Running)
                .forEach(c -> running.put(c.id(), s)));
        for (ContainerId gone : cares.keySet().stream().filter(id -> !running.containsKey(id)).toList()) {
            Optional.ofNullable(cares.remove(gone)).ifPresent(care -> care.all().forEach(Thread::interrupt));
            vitals.update(v -> v.without(gone));
        }
        if (desired != null) {
            List<Container> all = Containers.all(desired.pod().spec()).stream().filter(Prober::isLookedAfter).toList();
            all.forEach(container -> seen.stream().filter(s -> s.uid().equals(desired.uid()))
                    .forEach(s -> s.containers().stream().filter(c -> c.name().equals(container.name()))
                            .forEach(c -> begin(container, c, s))));
        }
    }

    private static boolean isLookedAfter(Container c) {
        return c.livenessProbe() != null || c.readinessProbe() != null || c.startupProbe() != null
                || c.lifecycle() != null && c.lifecycle().postStart() != null;
    }

    /** A sandbox is told to go: only the readiness of what is in it matters any more. */
    void halt(Sandbox sandbox) {
        sandbox.containers().forEach(container -> halt(container.id()));
    }

    /** Likewise of one container. */
    void halt(ContainerId container) {
        Optional.ofNullable(cares.get(container)).ifPresent(Care::halt);
    }

    private void begin(Container container, ObservedPod.Container observed, Sandbox sandbox) {
        if (cares.containsKey(observed.id()) || !(observed.state() instanceof State.Running(Instant since))) {
            return;
        }
        boolean found = since.isBefore(kit.since()); // by whom it was started: it is to be as it was (P5)
        VitalMarks marks = VitalMarks.of(PodDirectory.of(kit.node(), name, sandbox.uid()), observed.name(), observed.attempt());
        Running running = new Running(container, observed.id(),
                sandbox.ips().isEmpty() ? kit.node().ip() : sandbox.ips().getFirst(), since, found, marks,
                new Cell<>(false));
        boolean startsBare = hook(running).isEmpty() && container.startupProbe() == null;
        vitals.update(v -> v.with(running.id(),
                new Vitals.Vital(startsBare || found && marks.hasStarted(),
                        container.readinessProbe() == null || found && marks.hasPassed(), null))); // P2
        cares.put(running.id(), threads(running));
    }

    private Optional<Lifecycle.Hook> hook(Running c) {
        return Optional.ofNullable(c.spec().lifecycle()).map(Lifecycle::postStart).filter(_ -> !c.found());
    }

    private Care threads(Running c) {
        List<Thread> vital = new ArrayList<>();
        List<Thread> readiness = new ArrayList<>();
        Cell<Boolean> up = new Cell<>(false);
        vital.add(thread("start", c, () -> {
            if (comesUp(c)) {
                up.set(true);
                change(c, Vitals.Vital::starts);
            }
        }));
        Probe live = c.spec().livenessProbe();
        if (live != null) {
            vital.add(thread("liveness", c, () -> {
                up.after(0);
                probing(Kind.Liveness, live, c).run(c.since(), c.found(), success -> success || fail(c, Kind.Liveness, live));
            }));
        }
        Probe ready = c.spec().readinessProbe();
        if (ready != null) {
            readiness.add(thread("readiness", c, () -> {
                up.after(0);
                probing(Kind.Readiness, ready, c).run(c.since(), c.found(), success -> {
                    change(c, v -> v.passing(success));
                    return true;
                });
            }));
        }
        return new Care(vital, readiness, c.stopping());
    }

    private Thread thread(String what, Running c, Threads.Interruptible work) {
        return Threads.start(what + " " + name + "/" + c.spec().name(), work);
    }

    /** @return whether the hook went well and the startup probe has passed */
    private boolean comesUp(Running c) throws InterruptedException {
        Optional<Lifecycle.Hook> hook = hook(c);
        if (hook.isPresent()
                && !new Hooks(events, kit.clock()).postStart(Handlers.of(hook.get(), c.spec()), handlers(c))) {
            change(c, v -> v.fails(new Vitals.Failure("failed its postStart hook", null)));
            return false;
        }
        Probe startup = c.spec().startupProbe();
        if (startup == null || c.found() && (c.marks().hasStarted() || hadTime(startup, c))) {
            return true;
        }
        Cell<Boolean> passed = new Cell<>(false);
        probing(Kind.Startup, startup, c).run(c.since(), c.found(), success -> {
            passed.set(success);
            return !success && fail(c, Kind.Startup, startup);
        });
        return passed.value();
    }

    /** One that ran for longer than it may take to start has started. */
    private boolean hadTime(Probe startup, Running c) {
        long most = startup.initialDelaySeconds() + (long) startup.failureThreshold() * startup.periodSeconds();
        return c.since().plusSeconds(most).isBefore(kit.since());
    }

    private Probing probing(Kind kind, Probe probe, Running c) {
        return new Probing(kind, probe, Handlers.of(probe, c.spec()), () -> handlers(c), events, kit, wake, c.stopping());
    }

    private Handlers handlers(Running c) {
        return new Handlers(Objects.requireNonNull(runtime), c.id(), c.ip());
    }

    /** @return false: it is to be killed, there is nothing more to probe */
    private boolean fail(Running c, Kind kind, Probe probe) {
        Duration grace = probe.terminationGracePeriodSeconds() == null ? null
                : Duration.ofSeconds(probe.terminationGracePeriodSeconds());
        change(c, v -> v.fails(new Vitals.Failure("failed " + (kind == Kind.Startup ? "startup" : "liveness") + " probe", grace)));
        return false;
    }

    private void change(Running c, UnaryOperator<Vitals.Vital> change) {
        long before = vitals.current().version();
        vitals.update(v -> v.changed(c.id(), change));
        if (vitals.current().version() != before) { // a change by another thread costs this for nothing, at most
            keep(c);
            wake.run();
        }
    }

    /** By several threads: what was found last is what stays. */
    private synchronized void keep(Running c) {
        try {
            Vitals.Vital found = vitals.value().byContainer().get(c.id());
            if (found != null) {
                c.marks().keep(found);
            }
        } catch (IOException e) { // such as when the pod was just removed; else the next agent has to find it out
            LOG.debug("what was found of {}/{} is not kept: {}", name, c.spec().name(), e.getMessage());
        }
    }

    /** Ends them all. */
    void close() {
        Threads.stop(END, cares.values().stream().flatMap(Care::all).toList());
        cares.clear();
    }
}
