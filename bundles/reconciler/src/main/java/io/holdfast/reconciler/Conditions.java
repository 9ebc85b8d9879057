package io.holdfast.reconciler;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.holdfast.pod.PodSpec;
import io.holdfast.status.PodStatus;
import io.holdfast.status.PodStatus.Condition;
import io.holdfast.status.PodStatus.ContainerStatus;
import io.holdfast.status.PodStatus.Phase;
import io.holdfast.status.PodStatus.State;

/** The conditions of a pod, word by word as the kubelet has them (behaviour L1). */
record Conditions(@Nullable PodStatus before, Instant now, Map<String, Gates.Said> gates, @Nullable String unfit) {

    /**
     * @param init the statuses of {@code spec.initContainers}, in that order
     * @param sandbox the pod has one that is ready
     */
    List<Condition> of(PodSpec spec, Phase phase, boolean sandbox, List<ContainerStatus> init, List<ContainerStatus> main) {
        List<ContainerStatus> sidecars = new ArrayList<>();
        for (int i = 0; i < init.size(); i++) {
            if (Containers.isSidecar(spec.initContainers().get(i))) {
                sidecars.add(init.get(i));
            }
        }
        List<String> incomplete = init.stream().filter(c -> sidecars.contains(c) ? !c.started() : !c.ready())
                .map(ContainerStatus::name).toList();
        boolean begun = main.stream().anyMatch(c -> !(c.state() instanceof State.Waiting));
        Condition containers = containersReady(phase, Stream.concat(sidecars.stream(), main.stream()));
        List<String> types = spec.readinessGates().stream().map(PodSpec.ReadinessGate::conditionType).toList();
        Stream<Condition> said = types.stream().flatMap(t -> Optional.ofNullable(gates.get(t))
                .map(s -> new Condition(t, s.holds(), s.reasonOrNull(), s.messageOrNull(), now)).stream());
        return Stream.concat(said.map(this::since), finished(sandbox, initialized(phase, begun ? List.of() : incomplete),
                ready(containers, types), containers).stream()).toList();
    }

    /** Without a manifest. */
    List<Condition> of(Phase phase, boolean sandbox, List<ContainerStatus> main) {
        Condition containers = containersReady(phase, main.stream());
        return finished(sandbox, initialized(phase, List.of()), ready(containers, List.of()), containers);
    }

    private List<Condition> finished(boolean sandbox, Condition initialized, Condition ready, Condition containers) {
        return Stream.of(new Condition("PodReadyToStartContainers", sandbox, null, null, now), initialized, ready, containers,
                new Condition("PodScheduled", unfit == null, unfit == null ? null : "Unschedulable", unfit, now)).map(this::since).toList();
    }

    private Condition initialized(Phase phase, List<String> incomplete) {
        if (phase == Phase.Succeeded) {
            return new Condition("Initialized", true, "PodCompleted", null, now);
        }
        return incomplete.isEmpty() ? new Condition("Initialized", true, null, null, now)
                : new Condition("Initialized", false, "ContainersNotInitialized",
                        "containers with incomplete status: " + names(incomplete), now);
    }

    private Condition containersReady(Phase phase, Stream<ContainerStatus> lasting) {
        List<String> unready = lasting.filter(c -> !c.ready()).map(ContainerStatus::name).toList();
        return switch (phase) {
            case Succeeded -> containersReady(false, "PodCompleted", null);
            case Failed -> containersReady(false, "PodFailed", null);
            case Pending, Running, Unknown -> unready.isEmpty() ? containersReady(true, null, null)
                    : containersReady(false, "ContainersNotReady", "containers with unready status: " + names(unready));
        };
    }

    private Condition containersReady(boolean is, @Nullable String reason, @Nullable String message) {
        return new Condition("ContainersReady", is, reason, message, now);
    }

    private Condition ready(Condition containers, List<String> types) {
        List<String> closed = types.stream().map(this::closed).flatMap(Optional::stream).toList();
        if (!containers.status() || closed.isEmpty()) {
            return new Condition("Ready", containers.status(), containers.reason(), containers.message(), now);
        }
        return new Condition("Ready", false, "ReadinessGatesNotReady", String.join(", ", closed), now);
    }

    /** Why the gate is not open. */
    private Optional<String> closed(String type) {
        return switch (gates.get(type)) {
            case null -> Optional.of("corresponding condition of pod readiness gate \"" + type + "\" does not exist.");
            case Gates.Said said when said.holds() -> Optional.empty();
            case Gates.Said _ -> Optional.of("the status of pod readiness gate \"" + type + "\" is not \"True\", but False");
        };
    }

    /** As Go writes a list. */
    private static String names(List<String> names) {
        return "[" + String.join(" ", names) + "]";
    }

    /** A condition that says the same as before has said so since then. */
    private Condition since(Condition c) {
        return before == null ? c : before.conditions().stream()
                .filter(b -> b.type().equals(c.type()) && b.status() == c.status()).findFirst()
                .map(b -> new Condition(c.type(), c.status(), c.reason(), c.message(), b.lastTransitionTime())).orElse(c);
    }
}
