package io.holdfast.runtime.cri;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

import io.holdfast.runtime.RuntimeRefused;
import io.holdfast.runtime.SandboxSpec;
import io.holdfast.runtime.SandboxSpec.Namespaces.Pid;
import io.holdfast.runtime.Security;
import io.holdfast.runtime.Security.Profile;
import io.holdfast.runtime.Security.SeLinux;
import io.holdfast.runtime.cri.wire.Capability;
import io.holdfast.runtime.cri.wire.Int64Value;
import io.holdfast.runtime.cri.wire.LinuxContainerSecurityContext;
import io.holdfast.runtime.cri.wire.LinuxSandboxSecurityContext;
import io.holdfast.runtime.cri.wire.NamespaceMode;
import io.holdfast.runtime.cri.wire.NamespaceOption;
import io.holdfast.runtime.cri.wire.SELinuxOption;
import io.holdfast.runtime.cri.wire.SecurityProfile;
import io.holdfast.runtime.cri.wire.SecurityProfile.ProfileType;
import io.holdfast.runtime.cri.wire.SupplementalGroupsPolicy;

/** Says in CRI's words how sandboxes and containers are confined. */
final class SecurityContexts {

    /** What a container may not read or change although it is the host's: the kubelet's procMount {@code Default}. */
    private static final List<String> MASKED = List.of("/proc/asound", "/proc/acpi", "/proc/interrupts", "/proc/kcore",
            "/proc/keys", "/proc/latency_stats", "/proc/timer_list", "/proc/timer_stats", "/proc/sched_debug",
            "/proc/scsi", "/sys/firmware", "/sys/devices/virtual/powercap");
    private static final List<String> READ_ONLY = List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys",
            "/proc/sysrq-trigger");
    /** Temperatures tell other tenants' load; there is one such directory for each processor that has them. */
    private static final List<String> THROTTLES = IntStream.range(0, Runtime.getRuntime().availableProcessors())
            .mapToObj("/sys/devices/system/cpu/cpu%d/thermal_throttle"::formatted).filter(p -> Files.exists(Path.of(p)))
            .toList();

    private SecurityContexts() {
    }

    static LinuxSandboxSecurityContext of(SandboxSpec spec) {
        LinuxSandboxSecurityContext.Builder context = LinuxSandboxSecurityContext.newBuilder()
                .setNamespaceOptions(namespaces(spec.namespaces())).setPrivileged(spec.privileged())
                .setSeccomp(profile(new Profile.RuntimeDefault()));
        @Nullable SeLinux seLinux = spec.seLinux();
        if (seLinux != null) {
            context.setSelinuxOptions(option(seLinux));
        }
        return context.build();
    }

    static LinuxContainerSecurityContext of(Security s, SandboxSpec.Namespaces in, Facts facts) {
        LinuxContainerSecurityContext.Builder context = LinuxContainerSecurityContext.newBuilder()
                .setNamespaceOptions(namespaces(in)).setPrivileged(s.privileged()).setNoNewPrivs(s.noNewPrivileges())
                .setReadonlyRootfs(s.readOnlyRoot()).setCapabilities(Capability.newBuilder()
                        .addAllAddCapabilities(s.addCapabilities()).addAllDropCapabilities(s.dropCapabilities()))
                .setSeccomp(profile(s.seccomp() == null ? new Profile.Unconfined() : s.seccomp()));
        if (!s.unmaskedProc() && !s.privileged()) {
            context.addAllMaskedPaths(MASKED).addAllMaskedPaths(THROTTLES).addAllReadonlyPaths(READ_ONLY);
        }
        if (s.appArmor() != null) {
            context.setApparmor(profile(s.appArmor()));
        }
        if (s.seLinux() != null) {
            context.setSelinuxOptions(option(s.seLinux()));
        }
        user(s, facts, context);
        return context.build();
    }

    private static void user(Security s, Facts facts, LinuxContainerSecurityContext.Builder context) {
        if (s.uid() != null) {
            context.setRunAsUser(Int64Value.newBuilder().setValue(s.uid()));
        }
        if (s.gid() != null) {
            context.setRunAsGroup(Int64Value.newBuilder().setValue(s.gid()));
            if (s.uid() == null) { // engines take no group without a user
                imageUser(facts.imageUser(), context);
            }
        }
        context.addAllSupplementalGroups(s.groups());
        if (!s.mergeImageGroups()) {
            Limits.check(Limits.strictGroups(facts));
            context.setSupplementalGroupsPolicy(SupplementalGroupsPolicy.Strict);
        }
    }

    private static void imageUser(String user, LinuxContainerSecurityContext.Builder context) {
        if (user.isEmpty() || user.chars().allMatch(Character::isDigit)) {
            context.setRunAsUser(Int64Value.newBuilder().setValue(user.isEmpty() ? 0 : Long.parseLong(user)));
        } else {
            context.setRunAsUsername(user);
        }
    }

    private static NamespaceOption namespaces(SandboxSpec.Namespaces wanted) {
        return NamespaceOption.newBuilder().setNetwork(wanted.hostNetwork() ? NamespaceMode.NODE : NamespaceMode.POD)
                .setPid(pid(wanted.pid())).setIpc(wanted.hostIpc() ? NamespaceMode.NODE : NamespaceMode.POD).build();
    }

    private static NamespaceMode pid(Pid pid) {
        return switch (pid) {
            case Container -> NamespaceMode.CONTAINER;
            case Pod -> NamespaceMode.POD;
            case Node -> NamespaceMode.NODE;
        };
    }

    private static SecurityProfile profile(Profile profile) {
        return switch (profile) {
            case Profile.RuntimeDefault _ -> SecurityProfile.newBuilder().setProfileType(ProfileType.RuntimeDefault).build();
            case Profile.Unconfined _ -> SecurityProfile.newBuilder().setProfileType(ProfileType.Unconfined).build();
            case Profile.Localhost(String name) -> SecurityProfile.newBuilder().setProfileType(ProfileType.Localhost)
                    .setLocalhostRef(name).build();
        };
    }

    private static SELinuxOption option(SeLinux label) {
        return SELinuxOption.newBuilder().setUser(label.user()).setRole(label.role()).setType(label.type())
                .setLevel(label.level()).build();
    }
}
