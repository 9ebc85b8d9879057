package io.holdfast.kit.log;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.holdfast.kit.log.PodLogs.Next;
import io.holdfast.pod.PodSpec.RestartPolicy;
import io.holdfast.status.PodStatus.ContainerStatus;
import io.holdfast.status.PodStatus.Phase;
import io.holdfast.status.PodStatus.State;
import io.holdfast.status.PodStatuses;
import io.holdfast.status.PodView;

/** Of which container of a pod the log is wanted, and where it is. */
public record ContainerLog(PodView pod, ContainerStatus status) {

    /** What there is to read. */
    public sealed interface Place {

        record Found(Path file) implements Place {
        }

        /** No container of that name has run yet; the reason is that of its state. */
        record NotStarted(String reason) implements Place {
        }

        record NoPrevious() implements Place {
        }
    }

    /** Init containers included. */
    public static Stream<ContainerStatus> containers(PodView pod) {
        return Stream.concat(pod.status().containerStatuses().stream(), pod.status().initContainerStatuses().stream());
    }

    public static Optional<ContainerLog> of(PodView pod, String container) {
        return containers(pod).filter(status -> status.name().equals(container)).findFirst()
                .map(status -> new ContainerLog(pod, status));
    }

    /** As the kubelet chooses: while a container waits, its log is that of the one before. */
    public Place place(boolean previous) {
        Optional<Path> last = last();
        if (previous) {
            return last.<Place>map(Place.Found::new).orElseGet(Place.NoPrevious::new);
        }
        return switch (status.state()) {
            case State.Running _, State.Terminated _ -> path().<Place>map(Place.Found::new)
                    .orElseGet(() -> new Place.NotStarted("ContainerCreating"));
            case State.Waiting(String reason, _) -> last.<Place>map(Place.Found::new)
                    .orElseGet(() -> new Place.NotStarted(reason));
        };
    }

    /**
     * Where the log goes on.
     *
     * @param statuses null while nobody knows
     */
    public Next next(@Nullable PodStatuses statuses) {
        if (statuses == null) {
            return new Next.Unknown();
        }
        return statuses.current().pods().stream().filter(now -> now.name().equals(pod.name())).findFirst()
                .map(now -> of(now, status.name()).flatMap(log -> log.path().<Next>map(
                        path -> new Next.File(path, log.hasEnded()))).orElseGet(Next.Unknown::new))
                .orElseGet(this::missing);
    }

    /** A reconciler that has just been started does not know all pods yet; the logs of one that is gone are deleted. */
    private Next missing() {
        return path().map(Path::getParent).filter(Files::exists).isPresent() ? new Next.Unknown() : new Next.Gone();
    }

    /** Whether nothing more will be written: a container that is restarted goes on. */
    private boolean hasEnded() {
        return switch (pod.status().phase()) {
            case Succeeded, Failed -> true;
            case Pending, Running, Unknown -> status.state() instanceof State.Terminated ended && pod.desired() != null
                    && !isRestarted(pod.desired().pod().spec().restartPolicy(), ended);
        };
    }

    private static boolean isRestarted(RestartPolicy policy, State.Terminated ended) {
        return switch (policy) {
            case Always -> true;
            case OnFailure -> ended.exitCode() != 0;
            case Never -> false;
        };
    }

    /** Of the container whose end is the last state: the newest, or while that one is there the one before it. */
    private Optional<Path> last() {
        State.Terminated last = status.lastState();
        if (last == null) {
            return Optional.empty();
        }
        return last.containerID().equals(status.containerID()) ? path()
                : path().map(path -> path.resolveSibling(status.restartCount() - 1 + ".log"));
    }

    private Optional<Path> path() {
        return Optional.ofNullable(status.logPath()).map(Path::of);
    }
}
