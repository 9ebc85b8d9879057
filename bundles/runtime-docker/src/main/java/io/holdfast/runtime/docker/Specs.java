package io.holdfast.runtime.docker;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import io.holdfast.kit.log.LogLimits;
import io.holdfast.pod.Container.MountPropagation;
import io.holdfast.runtime.ContainerRuntime.SandboxId;
import io.holdfast.runtime.ContainerSpec;
import io.holdfast.runtime.ContainerSpec.Mount.Access;
import io.holdfast.runtime.RuntimeRefused;
import io.holdfast.runtime.SandboxSpec;
import io.holdfast.runtime.SandboxSpec.PortMapping;

/** Says in the words of Docker's API what is to be made; what the API leaves open is as the kubelet had it there. */
final class Specs {

    private static final int LEAST_SHARES = 2;
    /** One less than containers have: with the sandbox the whole pod would end. */
    private static final int OOM_SCORE = -998;
    private static final String HOST = "host";

    private Specs() {
    }

    static Map<String, Object> of(SandboxSpec spec, String image) {
        boolean hostNetwork = spec.namespaces().hostNetwork();
        Map<String, Object> host = new HashMap<>(Map.of("CpuShares", LEAST_SHARES, "ReadonlyRootfs", true,
                "SecurityOpt", SecurityOptions.of(spec), "LogConfig", Map.of("Type", "none"),
                "IpcMode", spec.namespaces().hostIpc() ? HOST : "shareable", "Sysctls", spec.sysctls(),
                "OomScoreAdj", OomScore.possible(OOM_SCORE)));
        namespaces(spec.namespaces(), "", host);
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

    /**
     * Network and IPC are the sandbox's, processes and security are as the specs say.
     *
     * @throws RuntimeRefused Docker cannot do what is asked for
     */
    static Map<String, Object> of(ContainerSpec spec, SandboxSpec in, SandboxId sandbox, LogLimits logs, Facts facts) {
        String join = "container:" + sandbox.value();
        Map<String, Object> host = new HashMap<>(Map.of("NetworkMode", join,
                "IpcMode", in.namespaces().hostIpc() ? HOST : join, "LogConfig", config(logs),
                "Mounts", spec.mounts().stream().map(m -> mount(m, facts)).toList()));
        host.putAll(SecurityOptions.of(spec.security(), facts));
        namespaces(in.namespaces(), join, host);
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
        putUnlessEmpty(body, "WorkingDir", spec.workingDir());
        putUnlessEmpty(body, "StopSignal", spec.stopSignal());
        putUnlessEmpty(body, "User", SecurityOptions.user(spec.security(), facts));
        return body;
    }

    private static Map<String, Object> config(LogLimits logs) {
        return Map.of("Type", "json-file", "Config",
                Map.of("max-size", logs.maxSize(), "max-file", Integer.toString(logs.maxFiles())));
    }

    /** @param sandbox whose processes are seen when they are the pod's, empty for the sandbox itself */
    private static void namespaces(SandboxSpec.Namespaces wanted, String sandbox, Map<String, Object> host) {
        putUnlessEmpty(host, "PidMode", switch (wanted.pid()) {
            case Container -> "";
            case Pod -> sandbox;
            case Node -> HOST;
        });
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
    private static Map<String, Object> mount(ContainerSpec.Mount mount, Facts facts) {
        Map<String, Object> options = new HashMap<>(Map.of("Propagation", propagation(mount.propagation())));
        if (mount.access() == Access.RecursiveReadOnly) {
            Limits.check(Limits.recursiveReadOnly(mount.containerPath(), facts));
            options.put("ReadOnlyForceRecursive", true); // else it is as if possible
        } else if (mount.access() == Access.ReadOnly && facts.recursiveReadOnly()) {
            options.put("ReadOnlyNonRecursive", true);
        }
        return Map.of("Type", "bind", "Source", mount.hostPath(), "Target", mount.containerPath(), "ReadOnly",
                mount.access() != Access.ReadWrite, "BindOptions", options);
    }

    private static String propagation(MountPropagation propagation) {
        return switch (propagation) {
            case None -> "rprivate";
            case HostToContainer -> "rslave";
            case Bidirectional -> "rshared";
        };
    }

    private static void putUnlessEmpty(Map<String, Object> body, String name, String value) {
        if (!value.isEmpty()) {
            body.put(name, value);
        }
    }

    private static void putUnlessEmpty(Map<String, Object> body, String name, List<String> values) {
        if (!values.isEmpty()) {
            body.put(name, values);
        }
    }
}
