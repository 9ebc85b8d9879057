package io.holdfast.reconciler;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.holdfast.pod.Container;
import io.holdfast.pod.Pod;
import io.holdfast.pod.PodSecurityContext;
import io.holdfast.pod.PodSpec;
import io.holdfast.pod.SecurityContext;
import io.holdfast.runtime.ContainerRuntime.Image;
import io.holdfast.runtime.Security;
import io.holdfast.runtime.Security.SeLinux;

/** What the securityContexts of a pod and of its container mean together: what the container's says, wins. */
final class Confinement {

    @SuppressWarnings("NullAway") // some may be null, which is not seen across jars
    private static final PodSecurityContext NOTHING_OF_POD = new PodSecurityContext(null, null, null, null, List.of(),
            null, null, null, List.of(), null, null);
    private static final SecurityContext NOTHING = new SecurityContext(null, null, null, null, null, null, null, null,
            null, null, null);
    private static final SecurityContext.Capabilities NO_CHANGE = new SecurityContext.Capabilities(List.of(), List.of());
    private static final String CAP = "CAP_";

    private Confinement() {
    }

    static Security of(PodSpec spec, Container container, Policy policy) {
        PodSecurityContext pod = of(spec);
        SecurityContext own = of(container);
        boolean privileged = isTrue(own.privileged());
        SecurityContext.Capabilities change = own.capabilities() == null ? NO_CHANGE : own.capabilities();
        SecurityContext.@Nullable Profile appArmor = first(own.appArmorProfile(), pod.appArmorProfile());
        return new Security(first(own.runAsUser(), pod.runAsUser()), first(own.runAsGroup(), pod.runAsGroup()), groups(pod),
                !"Strict".equals(pod.supplementalGroupsPolicy()), privileged, names(change.add()), names(change.drop()),
                Boolean.FALSE.equals(own.allowPrivilegeEscalation()), isTrue(own.readOnlyRootFilesystem()),
                privileged || "Unmasked".equals(own.procMount()), privileged ? null : seccomp(pod, own, policy),
                appArmor == null ? null : profile(appArmor, name -> name),
                seLinux(first(own.seLinuxOptions(), pod.seLinuxOptions())));
    }

    /** Whether any container is: then the sandbox is to be, too. */
    static boolean isPrivileged(PodSpec spec) {
        return Stream.concat(spec.initContainers().stream(), spec.containers().stream())
                .anyMatch(c -> isTrue(of(c).privileged()));
    }

    /** Of the sandbox. */
    static @Nullable SeLinux seLinux(PodSpec spec) {
        return seLinux(of(spec).seLinuxOptions());
    }

    /** Why the container may not be run as it is, in the kubelet's words as far as it has any. */
    static Optional<String> problem(Pod pod, Container container, Image image, Policy policy) {
        Security security = of(pod.spec(), container, policy);
        if (security.seccomp() instanceof Security.Profile.Localhost(String file)
                && !Path.of(file).startsWith(policy.seccompProfiles())) {
            return Optional.of("the seccomp profile " + file + " is not below " + policy.seccompProfiles());
        }
        if (!isTrue(first(of(container).runAsNonRoot(), of(pod.spec()).runAsNonRoot()))) {
            return Optional.empty();
        }
        return rootBy(security.uid(), image.user().split(":", 2)[0]).map(why -> why + " (pod: \"" + pod.metadata().name()
                + "_" + pod.metadata().namespace() + "(" + pod.metadata().uid() + ")\", container: " + container.name()
                + ")");
    }

    /** @param imageUser number or name, empty for root */
    private static Optional<String> rootBy(@Nullable Long uid, String imageUser) {
        if (uid != null) {
            return uid == 0 ? Optional.of("container's runAsUser breaks non-root policy") : Optional.empty();
        }
        if (!imageUser.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Optional.of("container has runAsNonRoot and image has non-numeric user (" + imageUser
                    + "), cannot verify user is non-root");
        }
        return imageUser.chars().allMatch(c -> c == '0')
                ? Optional.of("container has runAsNonRoot and image will run as root") : Optional.empty();
    }

    private static List<Long> groups(PodSecurityContext pod) {
        return Stream.concat(Stream.ofNullable(pod.fsGroup()), pod.supplementalGroups().stream()).distinct().toList();
    }

    /** As engines name them; {@code CAP_} before a name is what the kernel's documents have, and so some manifests. */
    private static List<String> names(List<String> capabilities) {
        return capabilities.stream().map(c -> c.toUpperCase(Locale.ROOT))
                .map(c -> c.startsWith(CAP) ? c.substring(CAP.length()) : c).toList();
    }

    private static Security.@Nullable Profile seccomp(PodSecurityContext pod, SecurityContext own, Policy policy) {
        SecurityContext.@Nullable Profile profile = first(own.seccompProfile(), pod.seccompProfile());
        return profile == null ? null
                : profile(profile, name -> policy.seccompProfiles().resolve(name).normalize().toString());
    }

    /** The reader lets no other type through, and no {@code Localhost} without a name. */
    private static Security.Profile profile(SecurityContext.Profile profile, Function<String, String> place) {
        return switch (profile.type()) {
            case "RuntimeDefault" -> new Security.Profile.RuntimeDefault();
            case "Unconfined" -> new Security.Profile.Unconfined();
            default -> new Security.Profile.Localhost(place.apply(text(profile.localhostProfile())));
        };
    }

    private static @Nullable SeLinux seLinux(SecurityContext.@Nullable SeLinuxOptions options) {
        return options == null ? null
                : new SeLinux(text(options.user()), text(options.role()), text(options.type()), text(options.level()));
    }

    private static PodSecurityContext of(PodSpec spec) {
        @Nullable PodSecurityContext said = spec.securityContext();
        return said == null ? NOTHING_OF_POD : said;
    }

    private static SecurityContext of(Container container) {
        @Nullable SecurityContext said = container.securityContext();
        return said == null ? NOTHING : said;
    }

    private static <T> @Nullable T first(@Nullable T own, @Nullable T ofPod) {
        return own == null ? ofPod : own;
    }

    private static boolean isTrue(@Nullable Boolean flag) {
        return Boolean.TRUE.equals(flag);
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }
}
