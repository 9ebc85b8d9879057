package io.holdfast.reconciler;

import java.time.Instant;
import java.util.stream.Stream;

import io.holdfast.runtime.ObservedPod.State;
import io.holdfast.source.DesiredPod;

/**
 * {@code activeDeadlineSeconds} (behaviour T3). It is counted from the pod's startTime, which outlives the agent.
 *
 * @param at {@link Instant#MAX} for none
 */
record Deadline(DesiredPod desired, Instant at) {

    static final String REASON = "DeadlineExceeded";
    static final String MESSAGE = "Pod was active on the node longer than the specified deadline";

    static Deadline of(DesiredPod desired) {
        Long seconds = desired.pod().spec().activeDeadlineSeconds();
        return new Deadline(desired, seconds == null ? Instant.MAX : desired.seen().plusSeconds(seconds));
    }

    /** Whether the pod is to end, or was ended, because of it; not if it had completed before. */
    boolean isOver(Edition edition, Instant now) {
        return !now.isBefore(at) && !(edition.completed(desired.pod().spec()) && exits(edition).allMatch(e -> e.isBefore(at)));
    }

    /** Of those that count: sidecars end after the others. */
    private Stream<Instant> exits(Edition edition) {
        return Containers.all(desired.pod().spec()).stream().filter(c -> !Containers.isSidecar(c))
                .flatMap(c -> edition.newest(c.name()).stream())
                .flatMap(c -> c.state() instanceof State.Exited e ? Stream.of(e.finishedAt()) : Stream.empty());
    }
}
