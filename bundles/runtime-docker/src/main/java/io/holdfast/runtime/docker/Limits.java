package io.holdfast.runtime.docker;

import java.util.Optional;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.holdfast.pod.Container;
import io.holdfast.pod.Container.VolumeMount;
import io.holdfast.pod.PodSecurityContext;
import io.holdfast.pod.PodSpec;
import io.holdfast.pod.SecurityContext;
import io.holdfast.runtime.RuntimeRefused;

/** What cannot be done by Docker, or by this Engine: said of a pod beforehand, and of a container that is to be made. */
final class Limits {

    private Limits() {
    }

    static Optional<String> of(PodSpec spec, Facts facts) {
        return Stream.concat(spec.initContainers().stream(), spec.containers().stream())
                .map(c -> of(spec.securityContext(), c, facts)).flatMap(Optional::stream).findFirst();
    }

    private static Optional<String> of(@Nullable PodSecurityContext pod, Container container, Facts facts) {
        @Nullable SecurityContext own = container.securityContext();
        boolean hasGroup = own != null && own.runAsGroup() != null || pod != null && pod.runAsGroup() != null;
        boolean strict = pod != null && "Strict".equals(pod.supplementalGroupsPolicy());
        SecurityContext.@Nullable Profile appArmor = own != null && own.appArmorProfile() != null ? own.appArmorProfile()
                : pod == null ? null : pod.appArmorProfile();
        return container.volumeMounts().stream().filter(m -> "Enabled".equals(m.recursiveReadOnly()))
                .map(VolumeMount::mountPath).map(path -> recursiveReadOnly(path, facts)).flatMap(Optional::stream).findFirst()
                .or(() -> strict && !hasGroup ? strictGroups() : Optional.empty())
                .or(() -> appArmor == null || appArmor.type().equals("Unconfined") ? Optional.empty()
                        : appArmor(appArmor.localhostProfile() == null ? appArmor.type() : appArmor.localhostProfile(), facts));
    }

    static Optional<String> recursiveReadOnly(String path, Facts facts) {
        return facts.recursiveReadOnly() ? Optional.empty() : Optional.of("the mount at " + path + ": this Docker cannot make"
                + " what is mounted below it read-only too (Docker can from 25 on); with recursiveReadOnly: IfPossible"
                + " the container would run without that");
    }

    static Optional<String> strictGroups() {
        return Optional.of("supplementalGroupsPolicy Strict: Docker adds the groups that the image gives its user, unless"
                + " the main group is said too (runAsGroup)");
    }

    static Optional<String> appArmor(String profile, Facts facts) {
        return facts.appArmor() ? Optional.empty()
                : Optional.of("AppArmor profile " + profile + ": AppArmor is not enabled on this machine");
    }

    /** @throws RuntimeRefused there is a limit, and it says which */
    static void check(Optional<String> limit) {
        limit.ifPresent(why -> {
            throw new RuntimeRefused(why, null);
        });
    }
}
