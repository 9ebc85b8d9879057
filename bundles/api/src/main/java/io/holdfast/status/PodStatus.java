package io.holdfast.status;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/** {@code status} of a Pod with the field names of the Kubernetes API (behaviours L1, L2). */
public record PodStatus(Phase phase, @Nullable String reason, @Nullable String message, List<Condition> conditions,
        String hostIP, List<String> podIPs, Instant startTime, QosClass qosClass,
        List<ContainerStatus> initContainerStatuses, List<ContainerStatus> containerStatuses) {

    public PodStatus {
        conditions = List.copyOf(conditions);
        podIPs = List.copyOf(podIPs);
        initContainerStatuses = List.copyOf(initContainerStatuses);
        containerStatuses = List.copyOf(containerStatuses);
    }

    public enum Phase {
        Pending, Running, Succeeded, Failed, Unknown
    }

    public enum QosClass {
        Guaranteed, Burstable, BestEffort
    }

    /** @param type {@code PodScheduled}, {@code Initialized}, {@code ContainersReady}, {@code Ready}, ... */
    public record Condition(String type, boolean status, @Nullable String reason, @Nullable String message,
            Instant lastTransitionTime) {
    }

    /**
     * @param lastState how the container before this one ended, or null
     * @param containerID {@code containerd://ID}, empty while there is none
     * @param logPath of the current log file, or null
     */
    public record ContainerStatus(String name, State state, State.@Nullable Terminated lastState, boolean ready,
            boolean started, int restartCount, String image, String imageID, String containerID,
            @Nullable String logPath) {
    }

    public sealed interface State {

        record Waiting(String reason, String message) implements State {
        }

        record Running(Instant startedAt) implements State {
        }

        record Terminated(int exitCode, String reason, String message, Instant startedAt, Instant finishedAt,
                String containerID) implements State {
        }
    }
}
