package io.holdfast.reconciler;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.holdfast.pod.Container;
import io.holdfast.pod.Handler;
import io.holdfast.pod.Lifecycle;
import io.holdfast.pod.PodSpec;
import io.holdfast.runtime.Names;
import io.holdfast.runtime.ObservedPod;

/**
 * How a container is to be ended. It is written on it, so that it holds without its manifest too (design decision 4,
 * behaviours R7, T1, T2).
 *
 * @param init its place among the init containers, from 0, or -1
 * @param sidecar ends after the main containers, those later in place first
 */
record Ending(Duration grace, int init, boolean sidecar, @Nullable Handler preStop) {

    /** Annotation on init containers: their place, from 0. */
    static final String INIT = "io.holdfast.init-container";
    /** Annotation on sidecars. */
    static final String SIDECAR = "io.holdfast.sidecar";
    /** Annotation: the hook as {@link HookText}. */
    static final String PRE_STOP = "io.holdfast.pre-stop";

    private static final Duration DEFAULT_GRACE = Duration.ofSeconds(30);

    static Ending of(PodSpec spec, Container container) {
        int place = Containers.placeOfInit(spec, container);
        Lifecycle.Hook preStop = container.lifecycle() == null ? null : container.lifecycle().preStop();
        return new Ending(Duration.ofSeconds(spec.terminationGracePeriodSeconds()), place,
                place >= 0 && Containers.isSidecar(container), preStop == null ? null : Handlers.of(preStop, container));
    }

    static Ending of(ObservedPod.Container container) {
        Map<String, String> notes = container.annotations();
        String grace = notes.get(Names.GRACE_PERIOD);
        String preStop = notes.get(PRE_STOP);
        return new Ending(grace == null ? DEFAULT_GRACE : Duration.ofSeconds(Long.parseLong(grace)),
                Integer.parseInt(notes.getOrDefault(INIT, "-1")), notes.containsKey(SIDECAR),
                preStop == null ? null : HookText.read(preStop));
    }

    Map<String, String> annotations() {
        Map<String, String> notes = new HashMap<>(Map.of(Names.GRACE_PERIOD, Long.toString(grace.toSeconds())));
        if (init >= 0) {
            notes.put(INIT, Integer.toString(init));
        }
        if (sidecar) {
            notes.put(SIDECAR, "true");
        }
        if (preStop != null) {
            notes.put(PRE_STOP, HookText.of(preStop));
        }
        return notes;
    }

    /** Empty for the image's. */
    static String stopSignal(Container container) {
        String signal = container.lifecycle() == null ? null : container.lifecycle().stopSignal();
        return signal == null ? "" : signal;
    }

    /** Whether the other one has to have ended before this one may. */
    boolean follows(Ending other) {
        return sidecar && (!other.sidecar || other.init > init);
    }
}
