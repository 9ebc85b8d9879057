package io.holdfast.runtime.cri;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

import io.holdfast.pod.Container.MountPropagation;
import io.holdfast.runtime.ContainerSpec;
import io.holdfast.runtime.SandboxSpec;
import io.holdfast.runtime.cri.wire.ContainerConfig;
import io.holdfast.runtime.cri.wire.ContainerMetadata;
import io.holdfast.runtime.cri.wire.DNSConfig;
import io.holdfast.runtime.cri.wire.ImageSpec;
import io.holdfast.runtime.cri.wire.KeyValue;
import io.holdfast.runtime.cri.wire.LinuxContainerConfig;
import io.holdfast.runtime.cri.wire.LinuxContainerResources;
import io.holdfast.runtime.cri.wire.LinuxContainerSecurityContext;
import io.holdfast.runtime.cri.wire.LinuxPodSandboxConfig;
import io.holdfast.runtime.cri.wire.LinuxSandboxSecurityContext;
import io.holdfast.runtime.cri.wire.Mount;
import io.holdfast.runtime.cri.wire.NamespaceMode;
import io.holdfast.runtime.cri.wire.NamespaceOption;
import io.holdfast.runtime.cri.wire.PodSandboxConfig;
import io.holdfast.runtime.cri.wire.PodSandboxMetadata;
import io.holdfast.runtime.cri.wire.PortMapping;
import io.holdfast.runtime.cri.wire.Protocol;
import io.holdfast.runtime.cri.wire.SecurityProfile;
import io.holdfast.runtime.cri.wire.SecurityProfile.ProfileType;

/** Says in CRI's words what is to be made; what the API leaves open is as the kubelet has it. */
final class Specs {

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

    private Specs() {
    }

    static PodSandboxConfig of(SandboxSpec spec) {
        PodSandboxConfig.Builder config = PodSandboxConfig.newBuilder()
                .setMetadata(PodSandboxMetadata.newBuilder().setNamespace(spec.name().namespace())
                        .setName(spec.name().name()).setUid(spec.uid()).setAttempt(spec.attempt()))
                // the host's own name stays when its network is used: engines refuse another one then
                .setHostname(spec.namespaces().hostNetwork() ? "" : spec.hostname())
                .setLogDirectory(spec.logDirectory().toString())
                .putAllLabels(spec.labels()).putAllAnnotations(spec.annotations())
                .setLinux(LinuxPodSandboxConfig.newBuilder().setCgroupParent(spec.cgroupParent())
                        .setSecurityContext(LinuxSandboxSecurityContext.newBuilder()
                                .setNamespaceOptions(namespaces(spec.namespaces()))
                                .setSeccomp(profile(ProfileType.RuntimeDefault))));
        for (SandboxSpec.PortMapping port : spec.ports()) {
            config.addPortMappings(PortMapping.newBuilder().setProtocol(protocol(port.protocol()))
                    .setContainerPort(port.containerPort()).setHostPort(port.hostPort()).setHostIp(port.hostIp()));
        }
        SandboxSpec.@Nullable Dns dns = spec.dns();
        if (dns != null) {
            config.setDnsConfig(DNSConfig.newBuilder().addAllServers(dns.servers()).addAllSearches(dns.searches())
                    .addAllOptions(dns.options()));
        }
        return config.build();
    }

    static ContainerConfig of(ContainerSpec spec, SandboxSpec in) {
        ContainerConfig.Builder config = ContainerConfig.newBuilder()
                .setMetadata(ContainerMetadata.newBuilder().setName(spec.name()).setAttempt(spec.attempt()))
                .setImage(ImageSpec.newBuilder().setImage(spec.imageId()).setUserSpecifiedImage(spec.image()))
                .addAllCommand(spec.command()).addAllArgs(spec.args()).setWorkingDir(spec.workingDir())
                .putAllLabels(spec.labels()).putAllAnnotations(spec.annotations()).setLogPath(spec.logPath())
                .setStdin(spec.terminal().stdin()).setStdinOnce(spec.terminal().stdinOnce())
                .setTty(spec.terminal().tty())
                .setLinux(LinuxContainerConfig.newBuilder().setResources(resources(spec.resources()))
                        .setSecurityContext(LinuxContainerSecurityContext.newBuilder()
                                .setNamespaceOptions(namespaces(in.namespaces())).addAllMaskedPaths(MASKED)
                                .addAllMaskedPaths(THROTTLES).addAllReadonlyPaths(READ_ONLY)
                                .setSeccomp(profile(ProfileType.Unconfined))));
        for (ContainerSpec.Env env : spec.env()) {
            config.addEnvs(KeyValue.newBuilder().setKey(env.name()).setValue(env.value()));
        }
        for (ContainerSpec.Mount mount : spec.mounts()) {
            config.addMounts(Mount.newBuilder().setContainerPath(mount.containerPath()).setHostPath(mount.hostPath())
                    .setReadonly(mount.access() != ContainerSpec.Mount.Access.ReadWrite).setPropagation(propagation(mount.propagation())));
        }
        return config.build();
    }

    private static NamespaceOption namespaces(SandboxSpec.Namespaces wanted) {
        return NamespaceOption.newBuilder().setNetwork(wanted.hostNetwork() ? NamespaceMode.NODE : NamespaceMode.POD)
                .setPid(wanted.pid() == SandboxSpec.Namespaces.Pid.Node ? NamespaceMode.NODE : NamespaceMode.CONTAINER)
                .setIpc(wanted.hostIpc() ? NamespaceMode.NODE : NamespaceMode.POD).build();
    }

    private static LinuxContainerResources resources(ContainerSpec.Resources r) {
        return LinuxContainerResources.newBuilder().setCpuShares(r.cpuShares()).setCpuQuota(r.cpuQuota())
                .setCpuPeriod(r.cpuPeriod()).setMemoryLimitInBytes(r.memoryLimit()).setOomScoreAdj(r.oomScoreAdj())
                .build();
    }

    private static SecurityProfile profile(ProfileType type) {
        return SecurityProfile.newBuilder().setProfileType(type).build();
    }

    private static Protocol protocol(io.holdfast.pod.Container.Protocol protocol) {
        return switch (protocol) {
            case TCP -> Protocol.TCP;
            case UDP -> Protocol.UDP;
            case SCTP -> Protocol.SCTP;
        };
    }

    private static io.holdfast.runtime.cri.wire.MountPropagation propagation(MountPropagation propagation) {
        return switch (propagation) {
            case None -> io.holdfast.runtime.cri.wire.MountPropagation.PROPAGATION_PRIVATE;
            case HostToContainer -> io.holdfast.runtime.cri.wire.MountPropagation.PROPAGATION_HOST_TO_CONTAINER;
            case Bidirectional -> io.holdfast.runtime.cri.wire.MountPropagation.PROPAGATION_BIDIRECTIONAL;
        };
    }
}
