package io.holdfast.shell;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.holdfast.pod.Container;
import io.holdfast.pod.EnvVar;
import io.holdfast.pod.Quantity;
import io.holdfast.status.PodStatus.ContainerStatus;
import io.holdfast.status.PodStatus.State;

/** One container's part of a pod's description. */
final class ContainerDescription {

    private ContainerDescription() {
    }

    /** @param spec absent when the manifest is gone */
    static void write(Paragraph out, Optional<Container> spec, ContainerStatus status, Instant now) {
        out.line("Container ID", status.containerID()).line("Image", status.image())
                .line("Image ID", status.imageID());
        spec.ifPresent(container -> writeSpec(out, container));
        state(out, "State", status.state(), now);
        if (status.lastState() != null) {
            state(out, "Last State", status.lastState(), now);
        }
        out.line("Ready", status.ready() ? "True" : "False")
                .line("Restart Count", Integer.toString(status.restartCount()));
        spec.ifPresent(container -> writeSurroundings(out, container));
    }

    private static void writeSpec(Paragraph out, Container container) {
        out.lines("Ports", container.ports().stream()
                .map(p -> p.containerPort() + "/" + p.protocol() + (p.name() == null ? "" : " (" + p.name() + ")")
                        + (p.hostPort() == null ? "" : ", on the host " + p.hostPort()))
                .toList());
        if (!container.command().isEmpty()) {
            out.lines("Command", container.command());
        }
        if (!container.args().isEmpty()) {
            out.lines("Args", container.args());
        }
    }

    private static void writeSurroundings(Paragraph out, Container container) {
        resources(out, "Requests", container.resources().requests());
        resources(out, "Limits", container.resources().limits());
        out.lines("Environment", Stream.concat(
                container.envFrom().stream()
                        .map(from -> "all of " + Stream.of(from.configMapRef(), from.secretRef())
                                .filter(Objects::nonNull).map(ref -> ref.name()).collect(Collectors.joining())),
                container.env().stream().map(ContainerDescription::variable)).toList());
        out.lines("Mounts", container.volumeMounts().stream()
                .map(m -> m.mountPath() + " from " + m.name() + (m.readOnly() ? " (ro)" : " (rw)")).toList());
    }

    private static void resources(Paragraph out, String title, Map<String, Quantity> amounts) {
        if (!amounts.isEmpty()) {
            out.lines(title, new TreeMap<>(amounts).entrySet().stream().map(e -> e.getKey() + ": " + e.getValue())
                    .toList());
        }
    }

    private static String variable(EnvVar variable) {
        EnvVar.EnvVarSource from = variable.valueFrom();
        if (from == null) {
            return variable.name() + ": " + (variable.value() == null ? "" : variable.value());
        }
        return variable.name() + ": " + Stream.of(
                Optional.ofNullable(from.fieldRef()).map(ref -> "(" + ref.fieldPath() + ")"),
                Optional.ofNullable(from.resourceFieldRef()).map(ref -> "(" + ref.resource() + ")"),
                Optional.ofNullable(from.configMapKeyRef())
                        .map(ref -> "<" + ref.key() + " of config map " + ref.name() + ">"),
                Optional.ofNullable(from.secretKeyRef()).map(ref -> "<" + ref.key() + " of secret " + ref.name() + ">"))
                .flatMap(Optional::stream).collect(Collectors.joining());
    }

    private static void state(Paragraph out, String title, State state, Instant now) {
        List<String> lines = switch (state) {
            case State.Waiting(String reason, String message) -> List.of("Waiting", "Reason: " + reason, message);
            case State.Running(Instant started) -> List.of("Running", "Started: " + PodDescription.time(started, now));
            case State.Terminated t -> List.of("Terminated", "Reason: " + t.reason(), t.message(),
                    "Exit Code: " + t.exitCode(), "Started: " + PodDescription.time(t.startedAt(), now),
                    "Finished: " + PodDescription.time(t.finishedAt(), now));
        };
        out.lines(title, lines.stream().filter(line -> !line.isEmpty()).toList());
    }
}
