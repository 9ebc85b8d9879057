package io.holdfast.runtime.cri;

import java.util.Optional;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.holdfast.pod.Container;
import io.holdfast.pod.Container.VolumeMount;
import io.holdfast.pod.Lifecycle;
import io.holdfast.pod.PodSecurityContext;
import io.holdfast.pod.PodSpec;
import io.holdfast.runtime.RuntimeRefused;

/** What cannot be done by CRI, or by this engine: said of a pod beforehand, and of a container that is to be made. */
final class Limits {

    private Limits() {
    }

    static Optional<String> of(PodSpec spec, Facts facts) {
        @Nullable PodSecurityContext context = spec.securityContext();
        boolean strict = context != null && "Strict".equals(context.supplementalGroupsPolicy());
        return Stream.concat(spec.initContainers().stream(), spec.containers().stream()).map(c -> of(c, facts))
                .flatMap(Optional::stream).findFirst().or(() -> strict ? strictGroups(facts) : Optional.empty());
    }

    private static Optional<String> of(Container container, Facts facts) {
        return stopSignal(container.lifecycle()).or(() -> container.volumeMounts().stream()
                .filter(m -> "Enabled".equals(m.recursiveReadOnly())).map(VolumeMount::mountPath)
                .map(path -> recursiveReadOnly(path, facts)).flatMap(Optional::stream).findFirst());
    }

    private static Optional<String> stopSignal(@Nullable Lifecycle lifecycle) {
        @Nullable String signal = lifecycle == null ? null : lifecycle.stopSignal();
        return signal == null ? Optional.empty() : stopSignal(signal);
    }

    /** @param signal empty for the image's */
    static Optional<String> stopSignal(String signal) {
        return signal.isEmpty() ? Optional.empty() : Optional.of("stop signal " + signal
                + ": the engine's CRI has no such thing; an image can say it (STOPSIGNAL)");
    }

    static Optional<String> recursiveReadOnly(String path, Facts facts) {
        return facts.recursiveReadOnly() ? Optional.empty() : Optional.of("the mount at " + path + ": the engine cannot make"
                + " what is mounted below it read-only too (containerd can from 2.0 on); with recursiveReadOnly:"
                + " IfPossible the container would run without that");
    }

    static Optional<String> strictGroups(Facts facts) {
        return facts.groupsPolicy() ? Optional.empty() : Optional.of("supplementalGroupsPolicy Strict: the engine always"
                + " adds the groups that the image gives its user (containerd can leave them out from 2.0 on)");
    }

    /** @throws RuntimeRefused there is a limit, and it says which */
    static void check(Optional<String> limit) {
        limit.ifPresent(why -> {
            throw new RuntimeRefused(why, null);
        });
    }
}
