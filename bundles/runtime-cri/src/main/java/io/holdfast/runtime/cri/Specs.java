package io.holdfast.runtime.cri;

import org.jspecify.annotations.Nullable;

import io.holdfast.pod.Container.MountPropagation;
import io.holdfast.runtime.ContainerSpec;
import io.holdfast.runtime.ContainerSpec.Mount.Access;
import io.holdfast.runtime.RuntimeRefused;
import io.holdfast.runtime.SandboxSpec;
import io.holdfast.runtime.cri.wire.ContainerConfig;
import io.holdfast.runtime.cri.wire.ContainerMetadata;
import io.holdfast.runtime.cri.wire.DNSConfig;
import io.holdfast.runtime.cri.wire.ImageSpec;
import io.holdfast.runtime.cri.wire.KeyValue;
import io.holdfast.runtime.cri.wire.LinuxContainerConfig;
import io.holdfast.runtime.cri.wire.LinuxContainerResources;
import io.holdfast.runtime.cri.wire.LinuxPodSandboxConfig;
import io.holdfast.runtime.cri.wire.Mount;
import io.holdfast.runtime.cri.wire.PodSandboxConfig;
import io.holdfast.runtime.cri.wire.PodSandboxMetadata;
import io.holdfast.runtime.cri.wire.PortMapping;
import io.holdfast.runtime.cri.wire.Protocol;

/** Says in CRI's words what is to be made; what the API leaves open is as the kubelet has it. */
final class Specs {

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
                        .putAllSysctls(spec.sysctls()).setSecurityContext(SecurityContexts.of(spec)));
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

    /** @throws RuntimeRefused the engine cannot do what is asked for */
    static ContainerConfig of(ContainerSpec spec, SandboxSpec in, Facts facts) {
        Limits.check(Limits.stopSignal(spec.stopSignal()));
        ContainerConfig.Builder config = ContainerConfig.newBuilder()
                .setMetadata(ContainerMetadata.newBuilder().setName(spec.name()).setAttempt(spec.attempt()))
                .setImage(ImageSpec.newBuilder().setImage(spec.imageId()).setUserSpecifiedImage(spec.image()))
                .addAllCommand(spec.command()).addAllArgs(spec.args()).setWorkingDir(spec.workingDir())
                .putAllLabels(spec.labels()).putAllAnnotations(spec.annotations()).setLogPath(spec.logPath())
                .setStdin(spec.terminal().stdin()).setStdinOnce(spec.terminal().stdinOnce())
                .setTty(spec.terminal().tty())
                .setLinux(LinuxContainerConfig.newBuilder().setResources(resources(spec.resources()))
                        .setSecurityContext(SecurityContexts.of(spec.security(), in.namespaces(), facts)));
        for (ContainerSpec.Env env : spec.env()) {
            config.addEnvs(KeyValue.newBuilder().setKey(env.name()).setValue(env.value()));
        }
        for (ContainerSpec.Mount mount : spec.mounts()) {
            config.addMounts(Mount.newBuilder().setContainerPath(mount.containerPath()).setHostPath(mount.hostPath())
                    .setReadonly(mount.access() != Access.ReadWrite).setPropagation(propagation(mount.propagation()))
                    .setRecursiveReadOnly(recursiveReadOnly(mount, facts)));
        }
        return config.build();
    }

    private static boolean recursiveReadOnly(ContainerSpec.Mount mount, Facts facts) {
        return switch (mount.access()) {
            case ReadWrite, ReadOnly -> false;
            case RecursiveReadOnlyIfPossible -> facts.recursiveReadOnly();
            case RecursiveReadOnly -> {
                Limits.check(Limits.recursiveReadOnly(mount.containerPath(), facts));
                yield true;
            }
        };
    }

    private static LinuxContainerResources resources(ContainerSpec.Resources r) {
        return LinuxContainerResources.newBuilder().setCpuShares(r.cpuShares()).setCpuQuota(r.cpuQuota())
                .setCpuPeriod(r.cpuPeriod()).setMemoryLimitInBytes(r.memoryLimit()).setOomScoreAdj(r.oomScoreAdj())
                .build();
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
