package io.holdfast.reconciler;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

import io.holdfast.runtime.ContainerRuntime.ContainerId;

/**
 * What hooks and probes have found of the containers that run. One that is not among them has neither: it is started and
 * ready as soon as it runs.
 */
record Vitals(Map<ContainerId, Vital> byContainer) {

    static final Vitals NONE = new Vitals(Map.of());

    private static final Vital WELL = new Vital(true, true, null);

    /**
     * @param started its postStart hook has ended and its startup probe has passed
     * @param passes its readiness probe does
     * @param failure why it is to be ended, or null
     */
    record Vital(boolean started, boolean passes, @Nullable Failure failure) {

        Vital starts() {
            return new Vital(true, passes, failure);
        }

        Vital passing(boolean is) {
            return new Vital(started, is, failure);
        }

        Vital fails(Failure why) {
            return new Vital(started, passes, why);
        }
    }

    /**
     * @param what such as {@code failed liveness probe}
     * @param grace the probe's own, or null for the pod's
     */
    record Failure(String what, @Nullable Duration grace) {
    }

    boolean started(ContainerId running) {
        return of(running).started();
    }

    boolean ready(ContainerId running) {
        return of(running).started() && of(running).passes();
    }

    Optional<Failure> failure(ContainerId running) {
        return Optional.ofNullable(of(running).failure());
    }

    private Vital of(ContainerId running) {
        return byContainer.getOrDefault(running, WELL);
    }

    Vitals with(ContainerId id, Vital vital) {
        Map<ContainerId, Vital> next = new HashMap<>(byContainer);
        next.put(id, vital);
        return new Vitals(Map.copyOf(next));
    }

    Vitals without(ContainerId id) {
        Map<ContainerId, Vital> next = new HashMap<>(byContainer);
        next.remove(id);
        return new Vitals(Map.copyOf(next));
    }

    /** The same instance when that says nothing new, or the container is none of these any more. */
    Vitals changed(ContainerId id, UnaryOperator<Vital> change) {
        Vital before = byContainer.get(id);
        Vital after = before == null ? null : change.apply(before);
        return after == null || after.equals(before) ? this : with(id, after);
    }
}
