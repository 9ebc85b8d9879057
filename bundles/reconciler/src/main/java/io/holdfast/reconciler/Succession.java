package io.holdfast.reconciler;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.holdfast.runtime.ObservedPod;
import io.holdfast.runtime.ObservedPod.Sandbox;
import io.holdfast.source.DesiredPod;

/**
 * Says which manifest of a pod is in force: a changed one is as soon as it can be run, and until then what runs goes on
 * as it was (design decision 2). Owned by the worker.
 */
final class Succession {

    private final Groundwork groundwork;
    private @Nullable DesiredPod inForce;
    private boolean holds;

    Succession(Groundwork groundwork) {
        this.groundwork = groundwork;
    }

    /** Try at once: what it waits for may have come. */
    void forgive() {
        groundwork.forgive();
    }

    /** When to ask again. */
    Instant retryAt() {
        return groundwork.retryAt();
    }

    /**
     * Whether something runs that is to be left alone, because what it was made from is not known any more (another agent
     * read it) and what is wanted instead cannot be run yet.
     */
    boolean holds(List<Sandbox> seen) {
        return holds && seen.stream().anyMatch(StepRunner::runs);
    }

    /** The manifest to go by now, which is the one before when what runs of that would be lost for nothing. */
    DesiredPod choose(DesiredPod wanted, List<Sandbox> seen, Set<String> leaving, Target on, Map<String, Kit.Engine> engines)
            throws InterruptedException {
        List<Sandbox> started = seen.stream().filter(s -> hasStarted(s) && !leaving.contains(s.uid())).toList();
        boolean edited = started.stream().anyMatch(s -> isOther(s, wanted));
        Optional<String> missing = edited ? missing(wanted, on, engines) : Optional.empty();
        DesiredPod before = inForce;
        boolean known = before != null && started.stream().anyMatch(s -> !isOther(s, before));
        holds = missing.isPresent() && !known;
        if (missing.isEmpty()) {
            inForce = wanted;
            return wanted;
        }
        return held(before != null && known ? before : wanted, missing.get());
    }

    private static DesiredPod held(DesiredPod pod, String missing) {
        return new DesiredPod(pod.pod(), pod.json(), pod.source(), pod.origin(), pod.seen(),
                "its manifest was changed, but cannot be run yet: " + missing, pod.unfit(), pod.problems());
    }

    /** No manifest is in force, or none that is to be run here. */
    void none() {
        inForce = null;
        holds = false;
    }

    private Optional<String> missing(DesiredPod wanted, Target target, Map<String, Kit.Engine> engines)
            throws InterruptedException {
        return switch (target) {
            case Target.None(String why) -> Optional.of(why);
            case Target.To(String runtime, String handler) -> {
                Kit.Engine on = engines.get(runtime);
                yield on == null ? Optional.of("runtime " + runtime + " is not there")
                        : groundwork.isDone(wanted, on.with(handler)) ? Optional.empty() : Optional.of(groundwork.missing());
            }
        };
    }

    /** Something in it runs, or did and may be started again. */
    private static boolean hasStarted(Sandbox sandbox) {
        return Edition.alive(sandbox)
                && sandbox.containers().stream().anyMatch(c -> !(c.state() instanceof ObservedPod.State.Created));
    }

    private static boolean isOther(Sandbox sandbox, DesiredPod than) {
        return !sandbox.uid().equals(than.uid()) || Edition.isOutdated(sandbox, than);
    }
}
