package io.holdfast.reconciler;

import java.util.List;
import java.util.stream.Stream;

import io.holdfast.pod.Container;
import io.holdfast.pod.PodSpec;
import io.holdfast.pod.PodSpec.RestartPolicy;

/** The containers of a pod by what they are for (behaviours C5, C6). */
final class Containers {

    private Containers() {
    }

    /** Init containers, sidecars among them, then the main ones. */
    static List<Container> all(PodSpec spec) {
        return Stream.concat(spec.initContainers().stream(), spec.containers().stream()).toList();
    }

    /** Those that run as long as the pod does: only they have ports and count as ready or not. */
    static Stream<Container> lasting(PodSpec spec) {
        return Stream.concat(spec.initContainers().stream().filter(Containers::isSidecar), spec.containers().stream());
    }

    /** Of an init container. */
    static boolean isSidecar(Container init) {
        return init.restartPolicy() == RestartPolicy.Always;
    }

    /** The place among the init containers, or -1. */
    static int placeOfInit(PodSpec spec, Container container) {
        for (int i = 0; i < spec.initContainers().size(); i++) {
            if (spec.initContainers().get(i).name().equals(container.name())) {
                return i;
            }
        }
        return -1;
    }

    static RestartPolicy restartPolicy(PodSpec spec, Container container) {
        if (container.restartPolicy() != null) {
            return container.restartPolicy();
        }
        boolean init = placeOfInit(spec, container) >= 0;
        return init && spec.restartPolicy() == RestartPolicy.Always ? RestartPolicy.OnFailure : spec.restartPolicy();
    }
}
