package io.holdfast.reconciler;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.holdfast.cell.Cell;
import io.holdfast.runtime.ContainerRuntime;
import io.holdfast.runtime.ContainerRuntime.ContainerId;
import io.holdfast.runtime.ObservedPod;
import io.holdfast.runtime.ObservedPod.Sandbox;
import io.holdfast.runtime.ObservedPod.State;

/**
 * Ends containers: preStop hook, stop signal, and force at last, all within the grace period (behaviours T1, T2). Used by
 * the pod's worker.
 */
final class Termination {

    private static final Duration LEAST_GRACE = Duration.ofSeconds(2); // behaviour T2

    private final String name;
    private final Hooks hooks;
    private final String nodeIp;
    /** Containers whose hook was carried out: it is not, when stopping has to be repeated. */
    private final Set<ContainerId> hooked = new HashSet<>();

    Termination(String name, Hooks hooks, String nodeIp) {
        this.name = name;
        this.hooks = hooks;
        this.nodeIp = nodeIp;
    }

    /**
     * Ends them side by side, sidecars after the others in reverse order, and returns when all have ended.
     *
     * @param grace other than their own
     */
    void end(Sandbox sandbox, List<ObservedPod.Container> containers, Optional<Duration> grace, ContainerRuntime runtime)
            throws InterruptedException {
        hooked.retainAll(sandbox.containers().stream().map(ObservedPod.Container::id).toList());
        String ip = sandbox.ips().isEmpty() ? nodeIp : sandbox.ips().getFirst();
        Cell<Set<ContainerId>> ended = new Cell<>(Set.of());
        List<Parallel.Task> tasks = new ArrayList<>();
        for (ObservedPod.Container container : containers) {
            Ending ending = Ending.of(container);
            Set<ContainerId> before = containers.stream().filter(c -> ending.follows(Ending.of(c)))
                    .map(ObservedPod.Container::id).collect(Collectors.toSet());
            boolean hook = hooked.add(container.id()) && container.state() instanceof State.Running;
            Handlers handlers = new Handlers(runtime, container.id(), ip);
            tasks.add(() -> {
                try {
                    end(handlers, ending, hook, new Rest(grace.orElse(ending.grace())), ended, before);
                } finally {
                    ended.update(e -> Stream.concat(e.stream(), Stream.of(container.id())).collect(Collectors.toSet()));
                }
            });
        }
        Parallel.run("stop " + name, tasks);
    }

    private void end(Handlers handlers, Ending ending, boolean hook, Rest rest, Cell<Set<ContainerId>> ended,
            Set<ContainerId> before) throws InterruptedException {
        if (hook && ending.preStop() != null && !rest.now().isZero()) {
            hooks.preStop(ending.preStop(), handlers, rest.now());
        }
        for (Cell.Versioned<Set<ContainerId>> now = ended.current(); !now.value().containsAll(before)
                && !rest.now().isZero();) {
            now = ended.after(now.version(), rest.now());
        }
        Duration left = rest.now();
        handlers.runtime().stop(handlers.container(), left.compareTo(LEAST_GRACE) < 0 ? LEAST_GRACE : left);
    }

    /** What is left of a grace period, in whole seconds as the kubelet counts them. */
    private record Rest(Duration grace, long begin) {

        Rest(Duration grace) {
            this(grace, System.nanoTime());
        }

        Duration now() {
            Duration left = grace.minusSeconds(Duration.ofNanos(System.nanoTime() - begin).toSeconds());
            return left.isNegative() ? Duration.ZERO : left;
        }
    }
}
