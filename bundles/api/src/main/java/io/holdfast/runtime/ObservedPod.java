package io.holdfast.runtime;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.holdfast.pod.PodName;
import io.holdfast.runtime.ContainerRuntime.ContainerId;
import io.holdfast.runtime.ContainerRuntime.SandboxId;

/**
 * What an engine has of one pod name, of every edition.
 *
 * @param sandboxes newest first
 */
public record ObservedPod(PodName name, List<Sandbox> sandboxes) {

    public ObservedPod {
        sandboxes = List.copyOf(sandboxes);
    }

    /**
     * @param uid the edition it belongs to
     * @param attempt from 0, one more for each sandbox of an edition
     * @param ready runs, and has its network
     * @param ips of the pod's own network, the first is the pod's IP; empty on the host network
     * @param containers newest first
     */
    public record Sandbox(SandboxId id, String uid, int attempt, boolean ready, Instant createdAt, List<String> ips,
            Map<String, String> labels, Map<String, String> annotations, List<Container> containers) {

        public Sandbox {
            ips = List.copyOf(ips);
            labels = Map.copyOf(labels);
            annotations = Map.copyOf(annotations);
            containers = List.copyOf(containers);
        }
    }

    /**
     * @param attempt from 0, one more for each restart (behaviour C7)
     * @param image as asked for
     * @param imageId as resolved
     * @param logPath of the log file in CRI format, or null
     */
    public record Container(ContainerId id, String name, int attempt, State state, String image, String imageId,
            @Nullable String logPath, Map<String, String> labels, Map<String, String> annotations) {

        public Container {
            labels = Map.copyOf(labels);
            annotations = Map.copyOf(annotations);
        }
    }

    /** Where a container is in its life. */
    public sealed interface State {

        record Created() implements State {
        }

        record Running(Instant startedAt) implements State {
        }

        /** @param reason such as {@code Completed}, {@code Error}, {@code OOMKilled}, {@code StartError} */
        record Exited(int exitCode, String reason, String message, Instant startedAt, Instant finishedAt)
                implements State {
        }

        /** The engine itself does not know. */
        record Unknown() implements State {
        }
    }
}
