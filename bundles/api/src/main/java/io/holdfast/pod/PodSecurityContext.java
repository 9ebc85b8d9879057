package io.holdfast.pod;

import java.util.List;

import org.jspecify.annotations.Nullable;

public record PodSecurityContext(SecurityContext.@Nullable SeLinuxOptions seLinuxOptions, @Nullable Long runAsUser,
        @Nullable Long runAsGroup, @Nullable Boolean runAsNonRoot, List<Long> supplementalGroups,
        @Nullable String supplementalGroupsPolicy, @Nullable Long fsGroup, @Nullable String fsGroupChangePolicy,
        List<Sysctl> sysctls, SecurityContext.@Nullable Profile seccompProfile,
        SecurityContext.@Nullable Profile appArmorProfile) {

    public PodSecurityContext {
        supplementalGroups = Lists.of(supplementalGroups);
        sysctls = Lists.of(sysctls);
    }

    public record Sysctl(String name, String value) {
    }
}
