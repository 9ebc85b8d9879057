package io.holdfast.pod;

import java.util.List;

import org.jspecify.annotations.Nullable;

/** Of a container; what is absent here is taken from the pod's. */
public record SecurityContext(@Nullable Capabilities capabilities, @Nullable Boolean privileged,
        @Nullable SeLinuxOptions seLinuxOptions, @Nullable Long runAsUser, @Nullable Long runAsGroup,
        @Nullable Boolean runAsNonRoot, @Nullable Boolean readOnlyRootFilesystem,
        @Nullable Boolean allowPrivilegeEscalation, @Nullable String procMount, @Nullable Profile seccompProfile,
        @Nullable Profile appArmorProfile) {

    public record Capabilities(List<String> add, List<String> drop) {

        public Capabilities {
            add = Lists.of(add);
            drop = Lists.of(drop);
        }
    }

    public record SeLinuxOptions(@Nullable String user, @Nullable String role, @Nullable String type,
            @Nullable String level) {
    }

    /** @param type {@code RuntimeDefault}, {@code Localhost} or {@code Unconfined} */
    public record Profile(String type, @Nullable String localhostProfile) {
    }
}
