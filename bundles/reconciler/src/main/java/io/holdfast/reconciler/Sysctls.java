package io.holdfast.reconciler;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.holdfast.pod.PodSecurityContext;
import io.holdfast.pod.PodSecurityContext.Sysctl;
import io.holdfast.pod.PodSpec;

/** The kernel parameters of a pod's namespaces: the kubelet's safe ones, and those that the node allows (behaviour G5). */
final class Sysctls {

    private static final Set<String> SAFE = Set.of("kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range",
            "net.ipv4.tcp_syncookies", "net.ipv4.ping_group_range", "net.ipv4.ip_unprivileged_port_start",
            "net.ipv4.ip_local_reserved_ports", "net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_fin_timeout",
            "net.ipv4.tcp_keepalive_intvl", "net.ipv4.tcp_keepalive_probes", "net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem");
    /** Those that a pod can have of its own at all, by the namespace that they belong to. */
    private static final List<String> OF_NETWORK = List.of("net.");
    private static final List<String> OF_IPC = List.of("kernel.shm", "kernel.msg", "kernel.sem", "fs.mqueue.");

    private Sysctls() {
    }

    static Map<String, String> of(PodSpec spec) {
        Map<String, String> values = new LinkedHashMap<>();
        all(spec).forEach(s -> values.put(dotted(s.name()), s.value()));
        return values;
    }

    /** Why the pod may not be run, empty when it may. */
    static Optional<String> forbidden(PodSpec spec, Policy policy) {
        return all(spec).stream().map(s -> forbidden(dotted(s.name()), spec, policy)).flatMap(Optional::stream).findFirst();
    }

    private static Optional<String> forbidden(String name, PodSpec spec, Policy policy) {
        boolean network = begins(name, OF_NETWORK);
        String why;
        if (!network && !begins(name, OF_IPC)) {
            why = "it is the whole node's, and no pod can have its own";
        } else if (!SAFE.contains(name) && policy.sysctls().stream().noneMatch(allowed -> matches(name, allowed))) {
            why = "it is none of the safe ones; allowed.unsafe.sysctls in io.holdfast.reconciler.cfg can allow it";
        } else if (network && spec.hostNetwork()) {
            why = "not allowed with hostNetwork, it would be the node's";
        } else if (!network && spec.hostIPC()) {
            why = "not allowed with hostIPC, it would be the node's";
        } else {
            return Optional.empty();
        }
        return Optional.of("forbidden sysctl: \"" + name + "\": " + why);
    }

    private static boolean begins(String name, List<String> beginnings) {
        return beginnings.stream().anyMatch(name::startsWith);
    }

    private static boolean matches(String name, String allowed) {
        return allowed.endsWith("*") ? name.startsWith(allowed.substring(0, allowed.length() - 1)) : name.equals(allowed);
    }

    private static List<Sysctl> all(PodSpec spec) {
        @Nullable PodSecurityContext context = spec.securityContext();
        return context == null ? List.of() : context.sysctls();
    }

    /** Both spellings are Kubernetes', as in sysctl(8): when the first separator is a slash, dots are parts of names. */
    private static String dotted(String name) {
        int slash = name.indexOf('/');
        int dot = name.indexOf('.');
        if (slash < 0 || (dot >= 0 && dot < slash)) {
            return name;
        }
        return name.replace('.', '\0').replace('/', '.').replace('\0', '/');
    }
}
