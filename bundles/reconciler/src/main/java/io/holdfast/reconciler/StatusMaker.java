package io.holdfast.reconciler;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import io.holdfast.pod.Container;
import io.holdfast.pod.PodSpec;
import io.holdfast.pod.PodSpec.RestartPolicy;
import io.holdfast.runtime.ObservedPod;
import io.holdfast.runtime.ObservedPod.Sandbox;
import io.holdfast.runtime.ObservedPod.State;
import io.holdfast.source.DesiredPod;
import io.holdfast.status.PodStatus;
import io.holdfast.status.PodStatus.Condition;
import io.holdfast.status.PodStatus.ContainerStatus;
import io.holdfast.status.PodStatus.Phase;

/**
 * Makes a pod's status from what is wanted and what was seen (behaviours L1, L2); no I/O, no clock.
 *
 * @param engine such as {@code containerd}, for container ids
 */
record StatusMaker(String nodeIp, String engine, Backoff restarts) {

    PodStatus status(DesiredPod desired, Edition edition, Troubles troubles, @Nullable PodStatus before, Instant now) {
        PodSpec spec = desired.pod().spec();
        List<ContainerStatus> containers = spec.containers().stream()
                .map(c -> container(desired, edition, c, troubles, now)).toList();
        Phase phase = phase(containers, spec.restartPolicy());
        Optional<Sandbox> sandbox = edition.newest().filter(Sandbox::ready);
        Optional<Trouble> trouble = troubles.of(Troubles.POD);
        List<String> ips = spec.hostNetwork() ? List.of(nodeIp) : edition.newest().map(Sandbox::ips).orElse(List.of());
        boolean unfit = desired.unfit() != null;
        return new PodStatus(phase, unfit ? "NodeAffinity" : trouble.map(Trouble::reason).orElse(null),
                unfit ? desired.unfit() : trouble.map(Trouble::message).orElse(null), conditions(phase, sandbox.isPresent(), containers, before, now),
                nodeIp, ips, desired.seen(), Qos.of(spec), List.of(), containers);
    }

    /** For a pod without a manifest: all there is to say is what the runtime says. */
    PodStatus status(Edition edition, @Nullable PodStatus before, Instant now) {
        List<ContainerStatus> containers = edition.sandboxes().stream().flatMap(s -> s.containers().stream())
                .map(ObservedPod.Container::name).distinct()
                .map(name -> observed(name, edition.containers(name).toList())).toList();
        Phase phase = phase(containers, RestartPolicy.Always);
        return new PodStatus(phase, null, null,
                conditions(phase, edition.newest().filter(Sandbox::ready).isPresent(), containers, before, now), nodeIp,
                edition.newest().map(Sandbox::ips).orElse(List.of()),
                edition.newest().map(Sandbox::createdAt).orElse(now), PodStatus.QosClass.BestEffort, List.of(), containers);
    }

    private ContainerStatus container(DesiredPod desired, Edition edition, Container container, Troubles troubles,
            Instant now) {
        List<ObservedPod.Container> all = edition.containers(container.name()).toList();
        Optional<Trouble> trouble = troubles.of(container.name());
        if (all.isEmpty()) {
            PodStatus.State waiting = waiting(trouble, troubles);
            return new ContainerStatus(container.name(), waiting, null, false, false, 0, container.image(), "", "", null);
        }
        ContainerStatus status = observed(container.name(), all);
        if (status.state() instanceof PodStatus.State.Running
                || Edition.ended(container, all.getFirst(), desired.pod().spec())) {
            return status;
        }
        if (trouble.isPresent() || ConfigChanges.note(all.getFirst()).isPresent()) {
            return waits(status, waiting(trouble, troubles));
        }
        return all.getFirst().state() instanceof State.Exited exited
                ? crashed(desired, container, all.getFirst(), exited, status, now)
                : status;
    }

    private ContainerStatus crashed(DesiredPod desired, Container container, ObservedPod.Container dead,
            State.Exited exited, ContainerStatus status, Instant now) {
        Duration delay = RestartDelay.after(dead, exited, restarts).duration();
        if (!exited.finishedAt().plus(delay).isAfter(now)) {
            return status;
        }
        return waits(status, new PodStatus.State.Waiting("CrashLoopBackOff",
                "back-off %ds restarting failed container=%s pod=%s_%s(%s)".formatted(delay.toSeconds(),
                        container.name(), desired.name().name(), desired.name().namespace(), desired.uid())));
    }

    /** What ended becomes the last state of what waits. */
    private static ContainerStatus waits(ContainerStatus s, PodStatus.State waiting) {
        PodStatus.State.Terminated last = s.state() instanceof PodStatus.State.Terminated t ? t : s.lastState();
        return new ContainerStatus(s.name(), waiting, last, false, false, s.restartCount(), s.image(), s.imageID(),
                s.containerID(), s.logPath());
    }

    private static PodStatus.State waiting(Optional<Trouble> trouble, Troubles troubles) {
        String message = troubles.of(Troubles.POD).map(Trouble::message).orElse("");
        return trouble.<PodStatus.State>map(t -> new PodStatus.State.Waiting(t.reason(), t.message()))
                .orElse(new PodStatus.State.Waiting("ContainerCreating", message));
    }

    /** @param all of that name, the newest first; not empty */
    private ContainerStatus observed(String name, List<ObservedPod.Container> all) {
        ObservedPod.Container newest = all.getFirst();
        PodStatus.State state = switch (newest.state()) {
            case State.Created _ -> new PodStatus.State.Waiting("ContainerCreating", "");
            case State.Running(Instant startedAt) -> new PodStatus.State.Running(startedAt);
            case State.Exited exited -> terminated(newest, exited);
            case State.Unknown _ -> new PodStatus.State.Waiting("ContainerStatusUnknown", "the engine lost its state");
        };
        PodStatus.State.Terminated last = all.stream().skip(1).limit(1)
                .flatMap(c -> c.state() instanceof State.Exited e ? java.util.stream.Stream.of(terminated(c, e)) : null)
                .findFirst().orElse(null);
        boolean runs = state instanceof PodStatus.State.Running;
        return new ContainerStatus(name, state, last, runs, runs, newest.attempt(), newest.image(), newest.imageId(),
                id(newest), newest.logPath());
    }

    private PodStatus.State.Terminated terminated(ObservedPod.Container c, State.Exited exited) {
        String reason = !exited.reason().isEmpty() ? exited.reason() : exited.exitCode() == 0 ? "Completed" : "Error";
        return new PodStatus.State.Terminated(exited.exitCode(), reason, exited.message(), exited.startedAt(),
                exited.finishedAt(), id(c));
    }

    private String id(ObservedPod.Container container) {
        return engine + "://" + container.id();
    }

    private static Phase phase(List<ContainerStatus> containers, RestartPolicy policy) {
        boolean starting = containers.stream()
                .anyMatch(c -> c.state() instanceof PodStatus.State.Waiting && c.lastState() == null);
        boolean allEnded = containers.stream().allMatch(c -> c.state() instanceof PodStatus.State.Terminated);
        boolean allWell = containers.stream()
                .allMatch(c -> c.state() instanceof PodStatus.State.Terminated t && t.exitCode() == 0);
        if (starting) {
            return Phase.Pending;
        }
        return switch (policy) {
            case Always -> Phase.Running;
            case OnFailure -> allEnded && allWell ? Phase.Succeeded : Phase.Running;
            case Never -> !allEnded ? Phase.Running : allWell ? Phase.Succeeded : Phase.Failed;
        };
    }

    private static List<Condition> conditions(Phase phase, boolean sandbox, List<ContainerStatus> containers,
            @Nullable PodStatus before, Instant now) {
        List<String> unready = containers.stream().filter(c -> !c.ready()).map(ContainerStatus::name).toList();
        String reason = unready.isEmpty() ? null : phase == Phase.Succeeded ? "PodCompleted" : "ContainersNotReady";
        String message = unready.isEmpty() || phase == Phase.Succeeded ? null
                : "containers with unready status: " + unready;
        List<Condition> conditions = new ArrayList<>();
        conditions.add(new Condition("PodReadyToStartContainers", sandbox, null, null, now));
        conditions.add(new Condition("Initialized", true, null, null, now));
        conditions.add(new Condition("Ready", unready.isEmpty(), reason, message, now));
        conditions.add(new Condition("ContainersReady", unready.isEmpty(), reason, message, now));
        conditions.add(new Condition("PodScheduled", true, null, null, now));
        return conditions.stream().map(c -> since(c, before)).toList();
    }

    /** A condition that says the same as before has said so since then. */
    private static Condition since(Condition c, @Nullable PodStatus before) {
        return before == null ? c : before.conditions().stream()
                .filter(b -> b.type().equals(c.type()) && b.status() == c.status()).findFirst()
                .map(b -> new Condition(c.type(), c.status(), c.reason(), c.message(), b.lastTransitionTime())).orElse(c);
    }
}
