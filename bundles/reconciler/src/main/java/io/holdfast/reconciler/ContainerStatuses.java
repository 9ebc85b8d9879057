package io.holdfast.reconciler;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import io.holdfast.pod.Container;
import io.holdfast.pod.PodSpec;
import io.holdfast.runtime.ObservedPod;
import io.holdfast.runtime.ObservedPod.Sandbox;
import io.holdfast.runtime.ObservedPod.State;
import io.holdfast.source.DesiredPod;
import io.holdfast.status.PodStatus;
import io.holdfast.status.PodStatus.ContainerStatus;

/**
 * Makes the statuses of the containers of one edition, as the kubelet words them (behaviour L1); no I/O, no clock.
 *
 * @param engine such as {@code containerd}, for container ids
 */
record ContainerStatuses(String engine, Backoff restarts, Edition edition, Instant now) {

    /** Of init containers, those that are done too. */
    List<ContainerStatus> init(DesiredPod desired, Troubles troubles) {
        return desired.pod().spec().initContainers().stream().map(c -> Containers.isSidecar(c)
                ? of(desired, c, troubles)
                : once(desired.pod().spec(), of(desired, c, troubles))).toList();
    }

    List<ContainerStatus> main(DesiredPod desired, Troubles troubles) {
        return desired.pod().spec().containers().stream().map(c -> of(desired, c, troubles)).toList();
    }

    /** As the engine shows them, without a manifest. */
    List<ContainerStatus> observed(boolean init) {
        return edition.sandboxes().stream().flatMap(s -> s.containers().stream())
                .filter(c -> Ending.of(c).init() >= 0 == init)
                .sorted((a, b) -> Integer.compare(Ending.of(a).init(), Ending.of(b).init()))
                .map(ObservedPod.Container::name).distinct()
                .map(name -> observed(name, edition.containers(name).toList())).toList();
    }

    /** An init container is ready once it has done its work, which may be so long ago that it is removed (C5). */
    private ContainerStatus once(PodSpec spec, ContainerStatus s) {
        boolean initialized = edition.newest().filter(sandbox -> Edition.initialized(sandbox, spec)).isPresent();
        PodStatus.State state = initialized && s.state() instanceof PodStatus.State.Waiting && s.containerID().isEmpty()
                ? new PodStatus.State.Terminated(0, "Completed", "", Instant.EPOCH, Instant.EPOCH, "")
                : s.state();
        boolean done = state instanceof PodStatus.State.Terminated t && t.exitCode() == 0;
        return new ContainerStatus(s.name(), state, s.lastState(), done, s.started(), s.restartCount(), s.image(), s.imageID(),
                s.containerID(), s.logPath());
    }

    private ContainerStatus of(DesiredPod desired, Container container, Troubles troubles) {
        List<ObservedPod.Container> all = edition.containers(container.name()).toList();
        Optional<Trouble> trouble = troubles.of(container.name());
        if (all.isEmpty()) {
            return new ContainerStatus(container.name(), waiting(desired, trouble, troubles), null, false, false, 0,
                    container.image(), "", "", null);
        }
        ContainerStatus status = observed(container.name(), all);
        if (status.state() instanceof PodStatus.State.Running) {
            return status;
        }
        if (Edition.ended(container, all.getFirst(), desired.pod().spec())) {
            return isToDoAgain(desired.pod().spec(), container, all.getFirst())
                    ? waits(status, waiting(desired, trouble, troubles))
                    : status;
        }
        if (trouble.isPresent() || ConfigChanges.note(all.getFirst()).isPresent()) {
            return waits(status, waiting(desired, trouble, troubles));
        }
        return all.getFirst().state() instanceof State.Exited exited
                ? crashed(desired, container, all.getFirst(), exited, status)
                : status;
    }

    /** An init container that has done its work in a sandbox before the one that is there now (C1). */
    private boolean isToDoAgain(PodSpec spec, Container container, ObservedPod.Container ended) {
        Optional<Sandbox> ready = edition.newest().filter(Sandbox::ready);
        return Containers.placeOfInit(spec, container) >= 0 && ready.isPresent() && !edition.completed(spec)
                && !ready.get().containers().contains(ended) && !Edition.initialized(ready.get(), spec);
    }

    private ContainerStatus crashed(DesiredPod desired, Container container, ObservedPod.Container dead,
            State.Exited exited, ContainerStatus status) {
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

    private PodStatus.State waiting(DesiredPod desired, Optional<Trouble> trouble, Troubles troubles) {
        PodSpec spec = desired.pod().spec();
        boolean initializes = !spec.initContainers().isEmpty()
                && edition.newest().filter(s -> Edition.initialized(s, spec)).isEmpty();
        String nothing = initializes ? "PodInitializing" : "ContainerCreating";
        return switch (trouble.orElse(null)) {
            case null -> new PodStatus.State.Waiting(nothing, troubles.of(Troubles.POD).map(Trouble::message).orElse(""));
            case Trouble.Pulling pulling -> new PodStatus.State.Waiting(nothing, pulling.message());
            case Trouble.Awaits awaits -> new PodStatus.State.Waiting(nothing, awaits.message());
            case Trouble.Retry retry -> new PodStatus.State.Waiting(retry.reason(), retry.message());
        };
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
                .flatMap(c -> c.state() instanceof State.Exited e ? Stream.of(terminated(c, e)) : null)
                .findFirst().orElse(null);
        boolean runs = state instanceof PodStatus.State.Running;
        return new ContainerStatus(name, state, last, runs && edition.vitals().ready(newest.id()),
                runs && edition.vitals().started(newest.id()), newest.attempt(), newest.image(), newest.imageId(),
                engine + "://" + newest.id(), newest.logPath());
    }

    private PodStatus.State.Terminated terminated(ObservedPod.Container c, State.Exited exited) {
        String reason = !exited.reason().isEmpty() ? exited.reason() : exited.exitCode() == 0 ? "Completed" : "Error";
        return new PodStatus.State.Terminated(exited.exitCode(), reason, exited.message(), exited.startedAt(),
                exited.finishedAt(), engine + "://" + c.id());
    }
}
