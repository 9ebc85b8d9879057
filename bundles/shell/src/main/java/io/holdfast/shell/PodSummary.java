package io.holdfast.shell;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

import io.holdfast.pod.Container;
import io.holdfast.pod.PodSpec.RestartPolicy;
import io.holdfast.source.DesiredPod;
import io.holdfast.status.PodStatus;
import io.holdfast.status.PodStatus.ContainerStatus;
import io.holdfast.status.PodStatus.Phase;
import io.holdfast.status.PodStatus.State;
import io.holdfast.status.PodView;

/** One pod in a few words, computed as kubectl computes its columns. */
record PodSummary(String ready, String status, String restarts) {

    static PodSummary of(PodView pod, Instant now) {
        List<ContainerStatus> sidecars = pod.status().initContainerStatuses().stream()
                .filter(init -> isSidecar(pod, init.name())).toList();
        List<ContainerStatus> counted = Stream.concat(sidecars.stream(), pod.status().containerStatuses().stream())
                .toList();
        long ready = counted.stream().filter(ContainerStatus::ready).count();
        return new PodSummary(ready + "/" + Math.max(counted.size(), wanted(pod)), statusAndHold(pod),
                restarts(counted, now));
    }

    private static String statusAndHold(PodView pod) {
        DesiredPod desired = pod.desired();
        return status(pod) + (desired != null && desired.held() != null ? " (held)" : "");
    }

    private static String status(PodView pod) {
        PodStatus status = pod.status();
        if (pod.leaving() && status.phase() != Phase.Succeeded && status.phase() != Phase.Failed) {
            return "Terminating";
        }
        return initTrouble(pod).orElseGet(() -> mainStatus(status));
    }

    /** What an init container is about, while one is not done. */
    private static Optional<String> initTrouble(PodView pod) {
        List<ContainerStatus> inits = pod.status().initContainerStatuses();
        for (int i = 0; i < inits.size(); i++) {
            ContainerStatus init = inits.get(i);
            boolean done = init.state() instanceof State.Terminated t && t.exitCode() == 0
                    || isSidecar(pod, init.name()) && (init.started() || pod.status().phase() == Phase.Succeeded);
            if (!done) {
                String progress = i + "/" + inits.size();
                return Optional.of("Init:" + switch (init.state()) {
                    case State.Waiting w -> w.reason().isEmpty() || w.reason().equals("PodInitializing")
                            ? progress
                            : w.reason();
                    case State.Terminated t -> reason(t);
                    case State.Running _ -> progress;
                });
            }
        }
        return Optional.empty();
    }

    /** The first container in trouble speaks for the pod. */
    private static String mainStatus(PodStatus status) {
        List<ContainerStatus> containers = status.containerStatuses();
        String fallback = Objects.requireNonNullElse(status.reason(), status.phase().name());
        String reason = containers.stream().map(c -> switch (c.state()) {
            case State.Waiting w -> w.reason();
            case State.Terminated t -> reason(t);
            case State.Running _ -> "";
        }).filter(r -> !r.isEmpty()).findFirst().orElse(fallback);
        boolean someRun = containers.stream().anyMatch(c -> c.ready() && c.state() instanceof State.Running);
        if (!reason.equals("Completed") || !someRun) {
            return reason;
        }
        return status.conditions().stream().anyMatch(c -> c.type().equals("Ready") && c.status())
                ? "Running"
                : "NotReady";
    }

    private static String reason(State.Terminated terminated) {
        return terminated.reason().isEmpty() ? "ExitCode:" + terminated.exitCode() : terminated.reason();
    }

    private static String restarts(List<ContainerStatus> containers, Instant now) {
        int count = containers.stream().mapToInt(ContainerStatus::restartCount).sum();
        return containers.stream().map(ContainerStatus::lastState).filter(Objects::nonNull)
                .map(State.Terminated::finishedAt).max(Comparator.naturalOrder()).filter(_ -> count > 0)
                .map(last -> count + " (" + Ages.of(last, now) + " ago)").orElse(Integer.toString(count));
    }

    private static boolean isSidecar(PodView pod, String container) {
        DesiredPod desired = pod.desired();
        return desired != null && desired.pod().spec().initContainers().stream()
                .anyMatch(c -> c.name().equals(container) && c.restartPolicy() == RestartPolicy.Always);
    }

    private static int wanted(PodView pod) {
        DesiredPod desired = pod.desired();
        return desired == null
                ? 0
                : desired.pod().spec().containers().size() + (int) desired.pod().spec().initContainers().stream()
                        .map(Container::restartPolicy).filter(RestartPolicy.Always::equals).count();
    }
}
