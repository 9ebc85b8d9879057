package io.holdfast.runtime.cri;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import io.holdfast.pod.Container.MountPropagation;
import io.holdfast.pod.Container.Protocol;
import io.holdfast.pod.PodName;
import io.holdfast.runtime.ContainerSpec;
import io.holdfast.runtime.ContainerSpec.Mount.Access;
import io.holdfast.runtime.RuntimeInfo.Cgroups;
import io.holdfast.runtime.RuntimeRefused;
import io.holdfast.runtime.SandboxSpec;
import io.holdfast.runtime.SandboxSpec.Namespaces.Pid;
import io.holdfast.runtime.Security;
import io.holdfast.runtime.Security.Profile;
import io.holdfast.runtime.Security.SeLinux;
import io.holdfast.runtime.cri.wire.ContainerConfig;
import io.holdfast.runtime.cri.wire.LinuxContainerSecurityContext;
import io.holdfast.runtime.cri.wire.NamespaceMode;
import io.holdfast.runtime.cri.wire.PodSandboxConfig;
import io.holdfast.runtime.cri.wire.RuntimeFeatures;
import io.holdfast.runtime.cri.wire.RuntimeHandler;
import io.holdfast.runtime.cri.wire.RuntimeHandlerFeatures;
import io.holdfast.runtime.cri.wire.SecurityProfile.ProfileType;
import io.holdfast.runtime.cri.wire.StatusResponse;
import io.holdfast.runtime.cri.wire.SupplementalGroupsPolicy;

/** What is asked of the engine is what the kubelet would ask. */
class SpecsTest {

    private static SandboxSpec sandbox(boolean host) {
        return new SandboxSpec(new PodName("default", "web-n"), "uid", 2, "web", Path.of("/var/log/pods/x"),
                Map.of("l", "1"), Map.of("a", "2"), new SandboxSpec.Namespaces(host, host ? Pid.Node : Pid.Container, host),
                List.of(new SandboxSpec.PortMapping(Protocol.UDP, 53, 5353, "127.0.0.1")),
                new SandboxSpec.Dns(List.of("10.0.0.10"), List.of("svc"), List.of("ndots:5")), "/kubepods/x", "", false, Map.of(), null);
    }

    private static final Facts NOTHING = new Facts("", false, false);

    private static ContainerConfig container(boolean host) {
        return Specs.of(spec(Security.DEFAULT, Access.ReadOnly, ""), sandbox(host), NOTHING);
    }

    private static ContainerSpec spec(Security security, Access access, String stopSignal) {
        return new ContainerSpec("app", 1, "sha256:1", "busybox:1", List.of("sh"), List.of("-c", "x"), "/w",
                List.of(new ContainerSpec.Env("A", "b")),
                List.of(new ContainerSpec.Mount("/in", "/host", access, MountPropagation.HostToContainer)),
                Map.of("l", "1"), Map.of("a", "2"), "app/1.log",
                new ContainerSpec.Resources(102, 5000, 100_000, 1 << 20, -997),
                new ContainerSpec.Terminal(true, true, false), security, stopSignal);
    }

    private static LinuxContainerSecurityContext security(Security security, Facts facts) {
        return Specs.of(spec(security, Access.ReadOnly, ""), sandbox(false), facts).getLinux().getSecurityContext();
    }

    private static Security user(@Nullable Long uid, @Nullable Long gid, boolean merge) {
        return new Security(uid, gid, List.of(42L), merge, false, List.of(), List.of(), false, false, false, null, null,
                null);
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

    @Test
    void everythingThatConfinesAContainerIsAskedFor() {
        Security all = new Security(7L, 8L, List.of(), true, false, List.of("NET_ADMIN"), List.of("ALL"), true, true, true,
                new Profile.Localhost("/p/seccomp.json"), new Profile.Localhost("web"), new SeLinux("", "", "t", "s0:c1"));
        LinuxContainerSecurityContext asked = security(all, NOTHING);
        assertThat(asked.getRunAsUser().getValue()).isEqualTo(7);
        assertThat(asked.getRunAsGroup().getValue()).isEqualTo(8);
        assertThat(asked.getCapabilities().getAddCapabilitiesList()).containsExactly("NET_ADMIN");
        assertThat(asked.getCapabilities().getDropCapabilitiesList()).containsExactly("ALL");
        assertThat(asked.getNoNewPrivs()).isTrue();
        assertThat(asked.getReadonlyRootfs()).isTrue();
        assertThat(asked.getMaskedPathsList()).isEmpty();
        assertThat(asked.getReadonlyPathsList()).isEmpty();
        assertThat(asked.getSeccomp().getLocalhostRef()).isEqualTo("/p/seccomp.json");
        assertThat(asked.getApparmor().getProfileType()).isEqualTo(ProfileType.Localhost);
        assertThat(asked.getApparmor().getLocalhostRef()).isEqualTo("web");
        assertThat(asked.getSelinuxOptions().getLevel()).isEqualTo("s0:c1");
    }

    @Test
    void whatIsNotSaidIsLeftToTheEngine() {
        LinuxContainerSecurityContext asked = security(Security.DEFAULT, NOTHING);
        assertThat(asked.hasRunAsUser() || asked.hasRunAsGroup() || asked.hasApparmor() || asked.hasSelinuxOptions())
                .isFalse();
        assertThat(asked.getPrivileged()).isFalse();
    }

    @Test
    void aGroupWithoutAUserTakesTheImagesUserWithIt() {
        assertThat(security(user(null, 8L, true), NOTHING).getRunAsUser().getValue()).as("root").isZero();
        assertThat(security(user(null, 8L, true), new Facts("65534", false, false)).getRunAsUser().getValue())
                .isEqualTo(65534);
        LinuxContainerSecurityContext named = security(user(null, 8L, true), new Facts("app", false, false));
        assertThat(named.getRunAsUsername()).isEqualTo("app");
        assertThat(named.hasRunAsUser()).isFalse();
        assertThat(named.getSupplementalGroupsList()).containsExactly(42L);
    }

    @Test
    void aSandboxHasThePrivilegeTheSysctlsAndTheLabelThatItsContainersNeed() {
        SandboxSpec s = sandbox(false);
        var linux = Specs.of(new SandboxSpec(s.name(), s.uid(), 0, "web", s.logDirectory(), Map.of(), Map.of(),
                new SandboxSpec.Namespaces(false, Pid.Pod, false), List.of(), null, "", "", true,
                Map.of("net.ipv4.tcp_syncookies", "1"), new SeLinux("u", "r", "t", "l"))).getLinux();
        assertThat(linux.getSysctlsMap()).isEqualTo(Map.of("net.ipv4.tcp_syncookies", "1"));
        assertThat(linux.getSecurityContext().getPrivileged()).isTrue();
        assertThat(linux.getSecurityContext().getSelinuxOptions().getUser()).isEqualTo("u");
        assertThat(linux.getSecurityContext().getNamespaceOptions().getPid()).isEqualTo(NamespaceMode.POD);
    }

    @Test
    void whatTheEngineHasToSaySoForIsDoneOnlyThen() {
        Facts able = Facts.of("", "kata", StatusResponse.newBuilder()
                .addRuntimeHandlers(RuntimeHandler.newBuilder().setName("kata")
                        .setFeatures(RuntimeHandlerFeatures.newBuilder().setRecursiveReadOnlyMounts(true)))
                .setFeatures(RuntimeFeatures.newBuilder().setSupplementalGroupsPolicy(true)).build());
        assertThat(Specs.of(spec(Security.DEFAULT, Access.RecursiveReadOnly, ""), sandbox(false), able).getMounts(0)
                .getRecursiveReadOnly()).isTrue();
        assertThat(Specs.of(spec(Security.DEFAULT, Access.RecursiveReadOnlyIfPossible, ""), sandbox(false), NOTHING)
                .getMounts(0)).satisfies(m -> assertThat(m.getReadonly() && !m.getRecursiveReadOnly()).isTrue());
        assertThat(security(user(7L, 8L, false), able).getSupplementalGroupsPolicy())
                .isEqualTo(SupplementalGroupsPolicy.Strict);
    }

    @Test
    void whatCannotBeSaidIsRefusedInASentence() {
        assertThatThrownBy(() -> Specs.of(spec(Security.DEFAULT, Access.RecursiveReadOnly, ""), sandbox(false), NOTHING))
                .isInstanceOf(RuntimeRefused.class).hasMessageContaining("the mount at /in: the engine cannot");
        assertThatThrownBy(() -> security(user(7L, 8L, false), NOTHING)).isInstanceOf(RuntimeRefused.class)
                .hasMessageContaining("supplementalGroupsPolicy Strict: the engine always adds");
        assertThatThrownBy(() -> Specs.of(spec(Security.DEFAULT, Access.ReadOnly, "SIGUSR1"), sandbox(false), NOTHING))
                .isInstanceOf(RuntimeRefused.class).hasMessageContaining("stop signal SIGUSR1: the engine's CRI has no");
    }

    @Test
    void theDriverOfCgroupsIsReadFromContainerdsConfiguration() { // G6
        String runc = "{\"containerd\":{\"runtimes\":{\"runc\":{\"options\":{%s}}%s}}}";
        assertThat(CgroupDrivers.ofConfig(runc.formatted("\"SystemdCgroup\":true", ""))).isEqualTo(Cgroups.Systemd);
        assertThat(CgroupDrivers.ofConfig(runc.formatted("\"SystemdCgroup\": false", ""))).isEqualTo(Cgroups.Cgroupfs);
        assertThat(CgroupDrivers.ofConfig(runc.formatted("", ""))).as("runc's default").isEqualTo(Cgroups.Cgroupfs);
        assertThat(CgroupDrivers.ofConfig(runc.formatted("\"SystemdCgroup\":true",
                ",\"crun\":{\"options\":{\"SystemdCgroup\":false}}"))).isEqualTo(Cgroups.Unknown);
        assertThat(CgroupDrivers.ofConfig("")).isEqualTo(Cgroups.Unknown);
    }
}
