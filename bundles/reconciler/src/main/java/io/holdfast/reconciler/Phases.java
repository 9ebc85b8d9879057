package io.holdfast.reconciler;

import java.util.List;

import io.holdfast.pod.Container;
import io.holdfast.pod.PodSpec;
import io.holdfast.pod.PodSpec.RestartPolicy;
import io.holdfast.status.PodStatus.ContainerStatus;
import io.holdfast.status.PodStatus.Phase;
import io.holdfast.status.PodStatus.State;

/** The phase of a pod, from the statuses of its containers (behaviour L2). */
final class Phases {

    private Phases() {
    }

    /** @param init the statuses of {@code spec.initContainers}, in that order */
    static Phase of(PodSpec spec, List<ContainerStatus> init, List<ContainerStatus> main) {
        boolean begun = main.stream().anyMatch(Phases::wasStarted);
        for (int i = 0; i < init.size(); i++) {
            Container container = spec.initContainers().get(i);
            ContainerStatus status = init.get(i);
            if (Containers.isSidecar(container)) {
                if (!begun && !status.started()) {
                    return Phase.Pending;
                }
            } else if (!status.ready()) {
                boolean failed = status.state() instanceof State.Terminated
                        && Containers.restartPolicy(spec, container) == RestartPolicy.Never;
                return failed ? Phase.Failed : Phase.Pending;
            }
        }
        return of(main, spec.restartPolicy());
    }

    private static boolean wasStarted(ContainerStatus c) {
        return !(c.state() instanceof State.Waiting) || c.lastState() != null;
    }

    static Phase of(List<ContainerStatus> main, RestartPolicy policy) {
        boolean allEnded = main.stream().allMatch(c -> c.state() instanceof State.Terminated);
        boolean allWell = main.stream().allMatch(c -> c.state() instanceof State.Terminated t && t.exitCode() == 0);
        if (!main.stream().allMatch(Phases::wasStarted)) {
            return Phase.Pending;
        }
        return switch (policy) {
            case Always -> Phase.Running;
            case OnFailure -> allEnded && allWell ? Phase.Succeeded : Phase.Running;
            case Never -> !allEnded ? Phase.Running : allWell ? Phase.Succeeded : Phase.Failed;
        };
    }
}
