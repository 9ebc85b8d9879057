package io.holdfast.runtime.docker;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.holdfast.pod.Container.MountPropagation;
import io.holdfast.runtime.ContainerRuntime.SandboxId;
import io.holdfast.runtime.ContainerSpec;
import io.holdfast.runtime.SandboxSpec;
import io.holdfast.runtime.SandboxSpec.PortMapping;

/** Says in the words of Docker's API what is to be made; what the API leaves open is as the kubelet had it there. */
final class Specs {

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
    private static final int LEAST_SHARES = 2;
    private static final String HOST = "host";

    private Specs() {
    }

    static Map<String, Object> of(SandboxSpec spec, String image) {
        boolean hostNetwork = spec.namespaces().hostNetwork();
        Map<String, Object> host = new HashMap<>(Map.of("CpuShares", LEAST_SHARES, "ReadonlyRootfs", true,
                "SecurityOpt", List.of("no-new-privileges"), "LogConfig", Map.of("Type", "none"),
                "IpcMode", spec.namespaces().hostIpc() ? HOST : "shareable"));
        namespaces(spec.namespaces(), host);
        if (hostNetwork) {
            host.put("NetworkMode", HOST);
        }
        if (!spec.cgroupParent().isEmpty()) {
            host.put("CgroupParent", spec.cgroupParent());
        }
        if (!spec.handler().isEmpty()) {
            host.put("Runtime", spec.handler());
        }
        List<PortMapping> open = spec.ports().stream().filter(p -> p.hostPort() > 0).toList();
        host.put("PortBindings", bindings(open));
        dns(spec.dns(), host);
        Map<String, Object> body = new HashMap<>(Map.of("Image", image, "Labels", Labels.of(spec), "HostConfig", host,
                "ExposedPorts", open.stream().collect(Collectors.toMap(Specs::port, _ -> Map.of(), (a, _) -> a))));
        if (!hostNetwork) { // there the host's own name stays: Docker refuses another
            body.put("Hostname", spec.hostname());
        }
        return body;
    }

    /** Docker's own way is to take from the host whatever is not given, so that nothing is left out. */
    private static void dns(SandboxSpec.@Nullable Dns dns, Map<String, Object> host) {
        if (dns != null) {
            host.put("Dns", dns.servers());
            host.put("DnsSearch", dns.searches().isEmpty() ? List.of(".") : dns.searches());
            host.put("DnsOptions", dns.options().isEmpty() ? List.of("ndots:1") : dns.options());
        }
    }

    private static Map<String, List<Map<String, String>>> bindings(List<PortMapping> ports) {
        return ports.stream().collect(Collectors.groupingBy(Specs::port, Collectors.mapping(
                p -> Map.of("HostIp", p.hostIp(), "HostPort", Integer.toString(p.hostPort())), Collectors.toList())));
    }

    /** Such as {@code 53/udp}. */
    private static String port(PortMapping mapping) {
        return mapping.containerPort() + "/" + mapping.protocol().name().toLowerCase(Locale.ROOT);
    }

    /** Network and IPC are the sandbox's; of processes each container sees its own, unless it is to see the host's. */
    static Map<String, Object> of(ContainerSpec spec, SandboxSpec in, SandboxId sandbox, LogLimits logs) {
        String join = "container:" + sandbox.value();
        Map<String, Object> host = new HashMap<>(Map.of("NetworkMode", join,
                "IpcMode", in.namespaces().hostIpc() ? HOST : join, "LogConfig", logs.config(),
                "Mounts", spec.mounts().stream().map(Specs::mount).toList(),
                "SecurityOpt", List.of("seccomp=unconfined"), "MaskedPaths", ALL_MASKED, "ReadonlyPaths", READ_ONLY));
        namespaces(in.namespaces(), host);
        resources(spec.resources(), host);
        if (!in.cgroupParent().isEmpty()) {
            host.put("CgroupParent", in.cgroupParent());
        }
        if (!in.handler().isEmpty()) {
            host.put("Runtime", in.handler());
        }
        Map<String, Object> body = new HashMap<>(Map.of("Image", spec.imageId(), "HostConfig", host,
                "Labels", Labels.of(spec, in, sandbox), "Healthcheck", Map.of("Test", List.of("NONE")),
                "Env", spec.env().stream().map(e -> e.name() + "=" + e.value()).toList(),
                "Tty", spec.terminal().tty(), "OpenStdin", spec.terminal().stdin(),
                "StdinOnce", spec.terminal().stdinOnce()));
        putUnlessEmpty(body, "Entrypoint", spec.command());
        putUnlessEmpty(body, "Cmd", spec.args());
        if (!spec.workingDir().isEmpty()) {
            body.put("WorkingDir", spec.workingDir());
        }
        return body;
    }

    private static void namespaces(SandboxSpec.Namespaces wanted, Map<String, Object> host) {
        if (wanted.pid() == SandboxSpec.Namespaces.Pid.Node) {
            host.put("PidMode", HOST);
        }
        if (wanted.hostNetwork()) {
            host.put("UTSMode", HOST);
        }
    }

    /** As much memory and swap together as memory alone: no swap, as in Kubernetes. */
    private static void resources(ContainerSpec.Resources r, Map<String, Object> host) {
        host.putAll(Map.of("CpuShares", r.cpuShares(), "CpuQuota", r.cpuQuota(), "CpuPeriod", r.cpuPeriod(), "Memory",
                r.memoryLimit(), "MemorySwap", r.memoryLimit(), "OomScoreAdj", OomScore.possible(r.oomScoreAdj())));
    }

    /** As a mount, because what is missing at the source of a bind Docker makes as an empty directory. */
    private static Map<String, Object> mount(ContainerSpec.Mount mount) {
        return Map.of("Type", "bind", "Source", mount.hostPath(), "Target", mount.containerPath(), "ReadOnly",
                mount.access() != ContainerSpec.Mount.Access.ReadWrite, "BindOptions", Map.of("Propagation", propagation(mount.propagation())));
    }

    private static String propagation(MountPropagation propagation) {
        return switch (propagation) {
            case None -> "rprivate";
            case HostToContainer -> "rslave";
            case Bidirectional -> "rshared";
        };
    }

    private static void putUnlessEmpty(Map<String, Object> body, String name, List<String> values) {
        if (!values.isEmpty()) {
            body.put(name, values);
        }
    }
}
