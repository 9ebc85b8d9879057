package io.holdfast.runtime.cri;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import io.holdfast.pod.Container.MountPropagation;
import io.holdfast.pod.Container.Protocol;
import io.holdfast.pod.PodName;
import io.holdfast.runtime.ContainerSpec;
import io.holdfast.runtime.ContainerSpec.Mount.Access;
import io.holdfast.runtime.SandboxSpec;
import io.holdfast.runtime.SandboxSpec.Namespaces.Pid;
import io.holdfast.runtime.Security;
import io.holdfast.runtime.cri.wire.ContainerConfig;
import io.holdfast.runtime.cri.wire.LinuxContainerSecurityContext;
import io.holdfast.runtime.cri.wire.NamespaceMode;
import io.holdfast.runtime.cri.wire.PodSandboxConfig;
import io.holdfast.runtime.cri.wire.SecurityProfile.ProfileType;

/** What is asked of the engine is what the kubelet would ask. */
class SpecsTest {

    private static SandboxSpec sandbox(boolean host) {
        return new SandboxSpec(new PodName("default", "web-n"), "uid", 2, "web", Path.of("/var/log/pods/x"),
                Map.of("l", "1"), Map.of("a", "2"), new SandboxSpec.Namespaces(host, host ? Pid.Node : Pid.Container, host),
                List.of(new SandboxSpec.PortMapping(Protocol.UDP, 53, 5353, "127.0.0.1")),
                new SandboxSpec.Dns(List.of("10.0.0.10"), List.of("svc"), List.of("ndots:5")), "/kubepods/x", "", false, Map.of(), null);
    }

    private static ContainerConfig container(boolean host) {
        return Specs.of(new ContainerSpec("app", 1, "sha256:1", "busybox:1", List.of("sh"), List.of("-c", "x"), "/w",
                List.of(new ContainerSpec.Env("A", "b")),
                List.of(new ContainerSpec.Mount("/in", "/host", Access.ReadOnly, MountPropagation.HostToContainer)),
                Map.of("l", "1"), Map.of("a", "2"), "app/1.log",
                new ContainerSpec.Resources(102, 5000, 100_000, 1 << 20, -997),
                new ContainerSpec.Terminal(true, true, false), Security.DEFAULT, ""), sandbox(host));
    }

    @Test
    void aSandboxIsAskedForWithAllThatItsSpecSays() {
        PodSandboxConfig config = Specs.of(sandbox(false));
        assertThat(config.getMetadata().getNamespace()).isEqualTo("default");
        assertThat(config.getMetadata().getName()).isEqualTo("web-n");
        assertThat(config.getMetadata().getUid()).isEqualTo("uid");
        assertThat(config.getMetadata().getAttempt()).isEqualTo(2);
        assertThat(config.getHostname()).isEqualTo("web");
        assertThat(config.getLogDirectory()).isEqualTo("/var/log/pods/x");
        assertThat(config.getDnsConfig().getOptionsList()).containsExactly("ndots:5");
        assertThat(config.getPortMappingsList()).singleElement().satisfies(p -> {
            assertThat(p.getProtocol()).isEqualTo(io.holdfast.runtime.cri.wire.Protocol.UDP);
            assertThat(p.getContainerPort()).isEqualTo(53);
            assertThat(p.getHostPort()).isEqualTo(5353);
            assertThat(p.getHostIp()).isEqualTo("127.0.0.1");
        });
        assertThat(config.getLinux().getCgroupParent()).isEqualTo("/kubepods/x");
        assertThat(config.getLinux().getSecurityContext().getSeccomp().getProfileType())
                .isEqualTo(ProfileType.RuntimeDefault);
    }

    @Test
    void onTheHostsNetworkTheHostsNameStays() {
        assertThat(Specs.of(sandbox(true)).getHostname()).isEmpty();
    }

    @Test
    void namespacesAreThePodsOrTheHostsAndProcessesAreSeenByTheirContainerAlone() {
        var own = Specs.of(sandbox(false)).getLinux().getSecurityContext().getNamespaceOptions();
        assertThat(List.of(own.getNetwork(), own.getPid(), own.getIpc())).containsExactly(NamespaceMode.POD,
                NamespaceMode.CONTAINER, NamespaceMode.POD);
        var host = Specs.of(sandbox(true)).getLinux().getSecurityContext().getNamespaceOptions();
        assertThat(List.of(host.getNetwork(), host.getPid(), host.getIpc())).containsOnly(NamespaceMode.NODE);
        assertThat(container(true).getLinux().getSecurityContext().getNamespaceOptions()).isEqualTo(host);
    }

    @Test
    void aContainerIsAskedForWithAllThatItsSpecSays() {
        ContainerConfig config = container(false);
        assertThat(config.getMetadata().getAttempt()).isEqualTo(1);
        assertThat(config.getImage().getImage()).isEqualTo("sha256:1");
        assertThat(config.getImage().getUserSpecifiedImage()).isEqualTo("busybox:1");
        assertThat(config.getArgsList()).containsExactly("-c", "x");
        assertThat(config.getEnvs(0).getValue()).isEqualTo("b");
        assertThat(config.getMounts(0).getReadonly()).isTrue();
        assertThat(config.getMounts(0).getPropagation())
                .isEqualTo(io.holdfast.runtime.cri.wire.MountPropagation.PROPAGATION_HOST_TO_CONTAINER);
        assertThat(config.getLogPath()).isEqualTo("app/1.log");
        assertThat(config.getStdinOnce()).isTrue();
        assertThat(config.getLinux().getResources().getCpuShares()).isEqualTo(102);
        assertThat(config.getLinux().getResources().getOomScoreAdj()).isEqualTo(-997);
    }

    @Test
    void aContainerIsConfinedAsTheKubeletDoesIt() {
        LinuxContainerSecurityContext security = container(false).getLinux().getSecurityContext();
        assertThat(security.getMaskedPathsList()).contains("/proc/kcore", "/sys/firmware");
        assertThat(security.getReadonlyPathsList()).contains("/proc/sys", "/proc/sysrq-trigger");
        assertThat(security.getSeccomp().getProfileType()).isEqualTo(ProfileType.Unconfined);
    }
}
