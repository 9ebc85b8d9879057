package io.holdfast.manifest;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import io.holdfast.config.Nearest;
import io.holdfast.pod.PodSecurityContext;
import io.holdfast.pod.PodSpec;
import io.holdfast.pod.SecurityContext;

/** The API's validation (behaviour I3) of security contexts. */
final class SecurityRules {

    private static final Set<String> CAPABILITIES = Set.of(("AUDIT_CONTROL AUDIT_READ AUDIT_WRITE BLOCK_SUSPEND BPF"
            + " CHECKPOINT_RESTORE CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID IPC_LOCK IPC_OWNER KILL LEASE"
            + " LINUX_IMMUTABLE MAC_ADMIN MAC_OVERRIDE MKNOD NET_ADMIN NET_BIND_SERVICE NET_BROADCAST NET_RAW PERFMON"
            + " SETFCAP SETGID SETPCAP SETUID SYSLOG SYS_ADMIN SYS_BOOT SYS_CHROOT SYS_MODULE SYS_NICE SYS_PACCT"
            + " SYS_PTRACE SYS_RAWIO SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG WAKE_ALARM ALL").split(" "));
    private static final Pattern SYSCTL = Pattern
            .compile("([a-z0-9]([-_a-z0-9]*[a-z0-9])?[./])*([a-z0-9][-_a-z0-9]*[a-z0-9]|[a-z0-9])");
    private static final Set<String> OF_IPC = Set.of("kernel.msgmax", "kernel.msgmnb", "kernel.msgmni", "kernel.sem",
            "kernel.shmall", "kernel.shmmax", "kernel.shmmni", "kernel.shm_rmid_forced");

    private final Rules rules;

    private SecurityRules(Rules rules) {
        this.rules = rules;
    }

    static void check(PodSpec spec, Rules rules) {
        PodSecurityContext context = spec.securityContext();
        if (context != null) {
            new SecurityRules(rules).pod("spec.securityContext", context, spec);
        }
    }

    static void check(String path, @Nullable SecurityContext context, Rules rules) {
        if (context != null) {
            new SecurityRules(rules).container(path + ".securityContext", context);
        }
    }

    private void pod(String at, PodSecurityContext context, PodSpec spec) {
        id(at + ".runAsUser", context.runAsUser());
        id(at + ".runAsGroup", context.runAsGroup());
        id(at + ".fsGroup", context.fsGroup());
        for (int i = 0; i < context.supplementalGroups().size(); i++) {
            id(at + ".supplementalGroups[" + i + "]", context.supplementalGroups().get(i));
        }
        word(at + ".supplementalGroupsPolicy", context.supplementalGroupsPolicy(), "Merge", "Strict");
        word(at + ".fsGroupChangePolicy", context.fsGroupChangePolicy(), "Always", "OnRootMismatch");
        profiles(at, context.seccompProfile(), context.appArmorProfile());
        rules.unique(at + ".sysctls", "name", context.sysctls(), s -> s.name().replace('/', '.'));
        for (int i = 0; i < context.sysctls().size(); i++) {
            sysctl(at + ".sysctls[" + i + "].name", context.sysctls().get(i).name(), spec);
        }
    }

    private void sysctl(String at, String name, PodSpec spec) {
        rules.required(at, name, n -> n.length() <= 253 && SYSCTL.matcher(n).matches() ? null
                : "must be the name of a sysctl, such as net.core.somaxconn; found '" + Tree.brief(n) + "'");
        String dotted = name.replace('/', '.');
        rules.must(!spec.hostNetwork() || !dotted.startsWith("net."), at,
                "must not be set with hostNetwork: it would change the node");
        rules.must(!spec.hostIPC() || !(OF_IPC.contains(dotted) || dotted.startsWith("fs.mqueue.")), at,
                "must not be set with hostIPC: it would change the node");
    }

    private void container(String at, SecurityContext context) {
        id(at + ".runAsUser", context.runAsUser());
        id(at + ".runAsGroup", context.runAsGroup());
        word(at + ".procMount", context.procMount(), "Default", "Unmasked");
        profiles(at, context.seccompProfile(), context.appArmorProfile());
        SecurityContext.Capabilities capabilities = context.capabilities();
        List<String> added = capabilities == null ? List.of() : capabilities.add();
        if (capabilities != null) {
            capabilities(at + ".capabilities.add", capabilities.add());
            capabilities(at + ".capabilities.drop", capabilities.drop());
        }
        if (Boolean.FALSE.equals(context.allowPrivilegeEscalation())) {
            String escalation = at + ".allowPrivilegeEscalation";
            rules.must(!Boolean.TRUE.equals(context.privileged()), escalation, "must not be false with privileged: true");
            rules.must(added.stream().noneMatch(c -> bare(c).equals("SYS_ADMIN")), escalation,
                    "must not be false with the capability SYS_ADMIN");
        }
    }

    private void capabilities(String at, List<String> names) {
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            rules.required(at + "[" + i + "]", name, n -> CAPABILITIES.contains(bare(n)) ? null
                    : "expected a capability such as NET_ADMIN, or ALL; found '" + Tree.brief(n) + "'"
                            + Nearest.hint(bare(n), new TreeSet<>(CAPABILITIES)));
        }
    }

    private static String bare(String capability) {
        return capability.startsWith("CAP_") ? capability.substring("CAP_".length()) : capability;
    }

    private void id(String at, @Nullable Long id) {
        rules.must(id == null || (id >= 0 && id <= Integer.MAX_VALUE), at,
                "must be between 0 and " + Integer.MAX_VALUE + ", found " + id);
    }

    private void word(String at, @Nullable String word, String... words) {
        List<String> known = List.of(words);
        rules.must(word == null || known.contains(word), at, "expected " + String.join(" or ", known) + ", found '"
                + Tree.brief(String.valueOf(word)) + "'" + (word == null ? "" : Nearest.hint(word, known)));
    }

    private void profiles(String at, SecurityContext.@Nullable Profile seccomp,
            SecurityContext.@Nullable Profile appArmor) {
        profile(at + ".seccompProfile", seccomp);
        profile(at + ".appArmorProfile", appArmor);
        if (seccomp != null && seccomp.localhostProfile() != null) {
            rules.check(at + ".seccompProfile.localhostProfile", Formats.inside(seccomp.localhostProfile()));
        }
    }

    private void profile(String at, SecurityContext.@Nullable Profile profile) {
        if (profile == null) {
            return;
        }
        Set<String> known = Set.of("RuntimeDefault", "Localhost", "Unconfined");
        rules.required(at + ".type", profile.type(), type -> known.contains(type) ? null
                : "expected one of " + String.join(", ", new TreeSet<>(known)) + ", found '" + Tree.brief(type) + "'"
                        + Nearest.hint(type, known));
        String file = profile.localhostProfile();
        if (profile.type().equals("Localhost")) {
            rules.must(file != null && !file.isBlank(), at + ".localhostProfile", "is required with type Localhost");
        } else {
            rules.must(file == null, at + ".localhostProfile", "must be left out unless type is Localhost");
        }
    }
}
