package io.holdfast.runtime.docker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.holdfast.runtime.RuntimeRefused;
import io.holdfast.runtime.SandboxSpec;
import io.holdfast.runtime.Security;
import io.holdfast.runtime.Security.Profile;
import io.holdfast.runtime.Security.SeLinux;

/** Says in the words of Docker's API how sandboxes and containers are confined. */
final class SecurityOptions {

    /** What a container may not read or change although it is the host's: the kubelet's procMount {@code Default}. */
    private static final List<String> MASKED = List.of("/proc/asound", "/proc/acpi", "/proc/interrupts", "/proc/kcore",
            "/proc/keys", "/proc/latency_stats", "/proc/timer_list", "/proc/timer_stats", "/proc/sched_debug",
            "/proc/scsi", "/sys/firmware", "/sys/devices/virtual/powercap");
    private static final List<String> READ_ONLY = List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys",
            "/proc/sysrq-trigger");
    /** Temperatures tell other tenants' load; there is one such directory for each processor that has them. */
    private static final List<String> ALL_MASKED = Stream.concat(MASKED.stream(),
            IntStream.range(0, Runtime.getRuntime().availableProcessors())
                    .mapToObj("/sys/devices/system/cpu/cpu%d/thermal_throttle"::formatted)
                    .filter(p -> Files.exists(Path.of(p))))
            .toList();
    private static final String NO_NEW_PRIVILEGES = "no-new-privileges";

    private SecurityOptions() {
    }

    /** Of a sandbox, whose program needs nothing: with Docker a container may have privileges that its sandbox has not. */
    static List<String> of(SandboxSpec spec) {
        return Stream.concat(Stream.of(NO_NEW_PRIVILEGES), labels(spec.seLinux())).toList();
    }

    /**
     * Of a container, for its {@code HostConfig}.
     *
     * @throws RuntimeRefused Docker cannot do it, here or at all
     */
    static Map<String, Object> of(Security s, Facts facts) {
        boolean open = s.unmaskedProc() || s.privileged();
        List<String> options = new ArrayList<>();
        seccomp(s.seccomp() == null ? new Profile.Unconfined() : s.seccomp()).ifPresent(options::add);
        appArmor(s.appArmor(), facts).ifPresent(options::add);
        labels(s.seLinux()).forEach(options::add);
        if (s.noNewPrivileges()) {
            options.add(NO_NEW_PRIVILEGES);
        }
        return Map.of("SecurityOpt", options, "MaskedPaths", open ? List.of() : ALL_MASKED, "ReadonlyPaths",
                open ? List.of() : READ_ONLY, "Privileged", s.privileged(), "ReadonlyRootfs", s.readOnlyRoot(), "CapAdd",
                s.addCapabilities(), "CapDrop", s.dropCapabilities(), "GroupAdd",
                s.groups().stream().map(String::valueOf).toList());
    }

    /**
     * {@code uid:gid}, or a part of it; empty for the image's. Docker has no word for whether the groups count that the
     * image gives its user: they do when only a user is said, they do not when a group is as well.
     */
    static String user(Security s, Facts facts) {
        @Nullable Long gid = s.gid();
        if (gid == null && !s.mergeImageGroups()) {
            Limits.check(Limits.strictGroups());
        }
        String uid = s.uid() != null ? s.uid().toString() : gid != null ? imageUser(facts.imageUser()) : "";
        return gid == null ? uid : uid + ":" + gid;
    }

    private static String imageUser(String user) {
        return user.isEmpty() ? "0" : user.split(":", 2)[0];
    }

    private static Optional<String> seccomp(Profile profile) {
        return switch (profile) {
            case Profile.RuntimeDefault _ -> Optional.empty();
            case Profile.Unconfined _ -> Optional.of("seccomp=unconfined");
            case Profile.Localhost(String file) -> Optional.of("seccomp=" + content(file));
        };
    }

    /** Docker takes the profile itself. */
    private static String content(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException e) {
            throw new RuntimeRefused("cannot read the seccomp profile " + file + ": "
                    + (Files.notExists(Path.of(file)) ? "no such file" : e.toString()), e);
        }
    }

    private static Optional<String> appArmor(@Nullable Profile profile, Facts facts) {
        return switch (profile) {
            case null -> Optional.empty();
            case Profile.Unconfined _ -> Optional.of("apparmor=unconfined");
            case Profile.RuntimeDefault _ -> {
                Limits.check(Limits.appArmor("RuntimeDefault", facts));
                yield Optional.empty();
            }
            case Profile.Localhost(String name) -> {
                Limits.check(Limits.appArmor(name, facts));
                yield Optional.of("apparmor=" + name);
            }
        };
    }

    private static Stream<String> labels(@Nullable SeLinux label) {
        return label == null ? Stream.empty() : Stream.of("user:" + label.user(), "role:" + label.role(),
                "type:" + label.type(), "level:" + label.level()).filter(part -> !part.endsWith(":"))
                .map(part -> "label=" + part);
    }
}
