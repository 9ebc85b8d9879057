package io.holdfast.manifest;

import org.jspecify.annotations.Nullable;

import io.holdfast.pod.PodSecurityContext;
import io.holdfast.pod.SecurityContext;

/** The security contexts' part of {@link PodBinder}. */
final class SecurityBinder {

    private SecurityBinder() {
    }

    // javac loses the annotation of Outer.@Nullable Inner where a record has a compact constructor
    @SuppressWarnings("NullAway")
    static PodSecurityContext pod(Fields f) {
        return new PodSecurityContext(seLinux(f), f.wholeOrNull("runAsUser"), f.wholeOrNull("runAsGroup"),
                f.flagOrNull("runAsNonRoot"), f.wholes("supplementalGroups"), f.text("supplementalGroupsPolicy"),
                f.wholeOrNull("fsGroup"), f.text("fsGroupChangePolicy"),
                f.objects("sysctls", PodSecurityContext.Sysctl.class,
                        s -> new PodSecurityContext.Sysctl(s.needed("name"), s.needed("value"))),
                profile(f, "seccompProfile"), profile(f, "appArmorProfile"));
    }

    static SecurityContext container(Fields f) {
        return new SecurityContext(
                f.object("capabilities", SecurityContext.Capabilities.class,
                        c -> new SecurityContext.Capabilities(c.texts("add"), c.texts("drop"))),
                f.flagOrNull("privileged"), seLinux(f), f.wholeOrNull("runAsUser"), f.wholeOrNull("runAsGroup"),
                f.flagOrNull("runAsNonRoot"), f.flagOrNull("readOnlyRootFilesystem"),
                f.flagOrNull("allowPrivilegeEscalation"), f.text("procMount"), profile(f, "seccompProfile"),
                profile(f, "appArmorProfile"));
    }

    private static SecurityContext.@Nullable SeLinuxOptions seLinux(Fields f) {
        return f.object("seLinuxOptions", SecurityContext.SeLinuxOptions.class,
                s -> new SecurityContext.SeLinuxOptions(s.text("user"), s.text("role"), s.text("type"),
                        s.text("level")));
    }

    private static SecurityContext.@Nullable Profile profile(Fields f, String name) {
        return f.object(name, SecurityContext.Profile.class,
                p -> new SecurityContext.Profile(p.needed("type"), p.text("localhostProfile")));
    }
}
