package io.holdfast.reconciler;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Semaphore;

import io.holdfast.kit.registry.Credentials;
import io.holdfast.pod.Node;
import io.holdfast.runtime.ContainerRuntime;

/**
 * What all workers share.
 *
 * @param starts bounds the sandboxes and containers being made at a time
 * @param since when this agent, or this edition of the bundle, began
 */
record Kit(Node node, Settings settings, StatusBoard board, Images images, HostPorts ports, Placements placements,
        Semaphore starts, InstantSource clock, Instant since, Policy policy) {

    static Kit of(Node node, Settings settings, InstantSource clock) {
        return of(node, settings, clock, Policy.DEFAULT, new Credentials(List.of()));
    }

    static Kit of(Node node, Settings settings, InstantSource clock, Policy policy, Credentials credentials) {
        return new Kit(node, settings, new StatusBoard(), new Images(settings.parallelPulls(), credentials, clock), new HostPorts(),
                new Placements(node.stateDirectory()), new Semaphore(settings.parallelStarts(), true), clock, clock.instant(),
                policy);
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
     */
    record Engine(String name, String idScheme, ContainerRuntime runtime, String handler) {

        Engine with(String other) {
            return other.equals(handler) ? this : new Engine(name, idScheme, runtime, other);
        }
    }
}
