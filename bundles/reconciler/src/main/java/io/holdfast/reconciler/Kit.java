package io.holdfast.reconciler;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Semaphore;

import io.holdfast.pod.Node;

/**
 * What all workers share.
 *
 * @param starts bounds the sandboxes and containers being made at a time
 */
record Kit(Node node, Settings settings, StatusBoard board, Images images, HostPorts ports, Semaphore starts,
        InstantSource clock) {

    static Kit of(Node node, Settings settings, InstantSource clock) {
        return new Kit(node, settings, new StatusBoard(), new Images(settings.parallelPulls()), new HostPorts(),
                new Semaphore(settings.parallelStarts(), true), clock);
    }

    Instant now() {
        return clock.instant();
    }

    Planner planner() {
        return new Planner(settings.backoff());
    }

    /** The runtime a worker is to use, with the name that ids begin with. */
    record Engine(String name, String idScheme, io.holdfast.runtime.ContainerRuntime runtime) {
    }
}
