package io.holdfast.reconciler;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

import io.holdfast.kit.registry.Credentials;
import io.holdfast.pod.Node;
import io.holdfast.runtime.ContainerRuntime;
import io.holdfast.runtime.RuntimeInfo.Cgroups;

/**
 * What all workers share.
 *
 * @param starts bounds the sandboxes and containers being made at a time
 * @param since when this agent, or this edition of the bundle, began
 */
record Kit(Node node, Settings settings, StatusBoard board, Images images, HostPorts ports, Placements placements,
        Turns starts, InstantSource clock, Instant since, Policy policy, PodCgroups cgroups) {

    static Kit of(Node node, Settings settings, InstantSource clock) {
        return of(node, settings, clock, Policy.DEFAULT, PodCgroups.none(), new Credentials(List.of()));
    }

    static Kit of(Node node, Settings settings, InstantSource clock, Policy policy, PodCgroups cgroups, Credentials credentials) {
        return new Kit(node, settings, new StatusBoard(), new Images(settings.parallelPulls(), credentials, clock), new HostPorts(),
                new Placements(node.stateDirectory()), new Turns(settings.parallelStarts()), clock, clock.instant(),
                policy, cgroups);
    }

    Instant now() {
        return clock.instant();
    }

    Planner planner() {
        return new Planner(settings.backoff());
    }

    /**
     * A runtime a worker may use.
     *
     * @param idScheme what ids begin with, such as {@code containerd}
     * @param handler the engine's runtime handler for new sandboxes, empty for its default
     * @param cgroups what makes its cgroups
     */
    record Engine(String name, String idScheme, ContainerRuntime runtime, String handler, Cgroups cgroups) {

        Engine with(String other) {
            return other.equals(handler) ? this : new Engine(name, idScheme, runtime, other, cgroups);
        }
    }
}
