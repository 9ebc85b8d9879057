package io.holdfast.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.holdfast.kit.log.LogLimits;
import io.holdfast.pod.Container.MountPropagation;
import io.holdfast.pod.Container.Protocol;
import io.holdfast.pod.PodName;
import io.holdfast.runtime.ContainerRuntime.SandboxId;
import io.holdfast.runtime.ContainerSpec;
import io.holdfast.runtime.ContainerSpec.Mount.Access;
import io.holdfast.runtime.RuntimeRefused;
import io.holdfast.runtime.SandboxSpec;
import io.holdfast.runtime.SandboxSpec.Namespaces.Pid;
import io.holdfast.runtime.Security;
import io.holdfast.runtime.Security.Profile;
import io.holdfast.runtime.Security.SeLinux;

/** What is asked of Docker is what dockershim would ask. */
class SpecsTest {

    private static SandboxSpec sandbox(boolean host) {
        return new SandboxSpec(new PodName("default", "web-n"), "uid", 2, "web", Path.of("/var/log/pods/x"),
                Map.of("l", "1"), Map.of("a", "2"), new SandboxSpec.Namespaces(host, host ? Pid.Node : Pid.Container, host),
                List.of(new SandboxSpec.PortMapping(Protocol.UDP, 53, 5353, "127.0.0.1"),
                        new SandboxSpec.PortMapping(Protocol.TCP, 80, 0, "")),
                new SandboxSpec.Dns(List.of("10.0.0.10"), List.of("svc"), List.of("ndots:5")), "/kubepods/x", "", false, Map.of(), null);
    }

    private static final ContainerSpec CONTAINER = new ContainerSpec("app", 1, "sha256:1", "busybox:1", List.of("sh"),
            List.of("-c", "x"), "/w", List.of(new ContainerSpec.Env("A", "b")),
            List.of(new ContainerSpec.Mount("/in", "/host", Access.ReadOnly, MountPropagation.HostToContainer)),
            Map.of("l", "1"), Map.of("a", "2"), "app/1.log",
            new ContainerSpec.Resources(102, 5000, 100_000, 1 << 20, -997),
            new ContainerSpec.Terminal(true, true, false), Security.DEFAULT, "");

    private static final Facts NOTHING = new Facts("", false, false);

    private static Json container(boolean host) {
        return new Json(Specs.of(CONTAINER, sandbox(host), new SandboxId("abc"), LogLimits.of(DockerRuntime.PID, "10m", 5), NOTHING));
    }

    private static Json container(Security security, Access access, Facts facts) {
        ContainerSpec c = CONTAINER;
        return new Json(Specs.of(new ContainerSpec("app", 1, "i", "i", List.of(), List.of(), "", List.of(),
                List.of(new ContainerSpec.Mount("/in", "/host", access, MountPropagation.None)), Map.of(), Map.of(), "",
                c.resources(), c.terminal(), security, "SIGUSR1"), sandbox(false), new SandboxId("abc"),
                LogLimits.of(DockerRuntime.PID, "1k", 1), facts));
    }

    private static Json container(Security security) {
        return container(security, Access.ReadOnly, NOTHING);
    }

    private static Security user(@Nullable Long uid, @Nullable Long gid, boolean merge) {
        return new Security(uid, gid, List.of(42L), merge, false, List.of(), List.of(), false, false, false, null, null,
                null);
    }

    private static Security profiles(@Nullable Profile seccomp, @Nullable Profile appArmor) {
        return new Security(null, null, List.of(), true, false, List.of(), List.of(), false, false, false, seccomp,
                appArmor, null);
    }

    private static List<String> options(Json container) {
        return texts(container.at("HostConfig", "SecurityOpt"));
    }

    private static Json body(SandboxSpec spec) {
        return new Json(Specs.of(spec, "pause"));
    }

    private static List<String> texts(Json list) {
        return list.items().stream().map(Json::text).toList();
    }

    @Test
    void namesAreAsUsersOfTheKubeletKnowThem() { // design 12
        assertThat(Labels.name(sandbox(false))).isEqualTo("k8s_POD_web-n_default_uid_2");
        assertThat(Labels.name(CONTAINER, sandbox(false))).isEqualTo("k8s_app_web-n_default_uid_1");
    }

    @Test
    void labelsAreAsDockershimWroteThem() { // R8
        assertThat(body(sandbox(false)).at("Labels").texts()).containsAllEntriesOf(Map.of("l", "1", "annotation.a",
                "2", "io.kubernetes.docker.type", "podsandbox", "io.kubernetes.container.name", "POD",
                "io.kubernetes.pod.name", "web-n", "io.kubernetes.pod.namespace", "default", "io.kubernetes.pod.uid",
                "uid"));
        assertThat(container(false).at("Labels").texts()).containsAllEntriesOf(Map.of("l", "1", "annotation.a", "2",
                "io.kubernetes.docker.type", "container", "io.kubernetes.container.name", "app",
                "io.kubernetes.sandbox.id", "abc", "io.kubernetes.container.logpath", "/var/log/pods/x/app/1.log",
                "io.holdfast.image", "busybox:1", "io.kubernetes.pod.uid", "uid"));
    }

    @Test
    void aSandboxHoldsTheNetworkWithItsPortsAndNames() {
        Json body = body(sandbox(false));
        assertThat(body.at("Hostname").text()).isEqualTo("web");
        assertThat(body.at("ExposedPorts").fields()).containsOnlyKeys("53/udp");
        assertThat(body.at("HostConfig", "PortBindings", "53/udp").items()).singleElement().satisfies(
                p -> assertThat(p.texts()).isEqualTo(Map.of("HostIp", "127.0.0.1", "HostPort", "5353")));
        assertThat(texts(body.at("HostConfig", "Dns"))).containsExactly("10.0.0.10");
        assertThat(texts(body.at("HostConfig", "DnsSearch"))).containsExactly("svc");
        assertThat(texts(body.at("HostConfig", "DnsOptions"))).containsExactly("ndots:5");
        assertThat(body.at("HostConfig", "IpcMode").text()).isEqualTo("shareable");
        assertThat(body.at("HostConfig", "CgroupParent").text()).isEqualTo("/kubepods/x");
        assertThat(body.at("HostConfig", "OomScoreAdj").number()).as("after all containers").isEqualTo(OomScore.possible(-998));
    }

    @Test
    void ofWhatAResolvConfDoesNotSayNothingIsTakenFromTheHost() { // G4
        SandboxSpec.Dns dns = new SandboxSpec.Dns(List.of("10.0.0.10"), List.of(), List.of());
        SandboxSpec s = sandbox(false);
        Json host = body(new SandboxSpec(s.name(), s.uid(), 0, "web", s.logDirectory(), Map.of(), Map.of(),
                s.namespaces(), List.of(), dns, "", "", false, Map.of(), null)).at("HostConfig");
        assertThat(texts(host.at("DnsSearch"))).as("Docker's word for none").containsExactly(".");
        assertThat(texts(host.at("DnsOptions"))).as("what holds without options").containsExactly("ndots:1");
    }

    @Test
    void namespacesAreThePodsOrTheHosts() {
        Json own = container(false).at("HostConfig");
        assertThat(List.of(own.at("NetworkMode").text(), own.at("IpcMode").text(), own.at("PidMode").text()))
                .containsExactly("container:abc", "container:abc", "");
        Json host = container(true).at("HostConfig");
        assertThat(List.of(host.at("NetworkMode").text(), host.at("IpcMode").text(), host.at("PidMode").text()))
                .containsExactly("container:abc", "host", "host");
        Json sandbox = body(sandbox(true));
        assertThat(sandbox.at("HostConfig", "NetworkMode").text()).isEqualTo("host");
        assertThat(sandbox.fields()).as("the host's own name stays").doesNotContainKey("Hostname");
    }

    @Test
    void aContainerIsAskedForWithAllThatItsSpecSays() {
        Json body = container(false);
        assertThat(body.at("Image").text()).isEqualTo("sha256:1");
        assertThat(texts(body.at("Entrypoint"))).containsExactly("sh");
        assertThat(texts(body.at("Cmd"))).containsExactly("-c", "x");
        assertThat(texts(body.at("Env"))).containsExactly("A=b");
        assertThat(body.at("WorkingDir").text()).isEqualTo("/w");
        assertThat(body.at("StdinOnce").flag()).isTrue();
        Json host = body.at("HostConfig");
        assertThat(host.at("CpuQuota").number()).isEqualTo(5000);
        assertThat(host.at("MemorySwap").number()).as("no swap").isEqualTo(host.at("Memory").number());
        assertThat(host.at("OomScoreAdj").number()).isEqualTo(OomScore.possible(-997));
        assertThat(host.at("LogConfig", "Config").texts()).isEqualTo(Map.of("max-size", "10m", "max-file", "5"));
        Json mount = host.at("Mounts").items().getFirst();
        assertThat(mount.at("Source").text()).isEqualTo("/host");
        assertThat(mount.at("Target").text()).isEqualTo("/in");
        assertThat(mount.at("ReadOnly").flag()).isTrue();
        assertThat(mount.at("BindOptions", "Propagation").text()).isEqualTo("rslave");
    }

    @Test
    void whatTheSpecLeavesOutIsTheImages() {
        ContainerSpec c = new ContainerSpec("app", 0, "i", "i", List.of(), List.of(), "", List.of(), List.of(),
                Map.of(), Map.of(), "", CONTAINER.resources(), CONTAINER.terminal(), Security.DEFAULT, "");
        assertThat(new Json(Specs.of(c, sandbox(false), new SandboxId("abc"), LogLimits.of(DockerRuntime.PID, "1k", 1), NOTHING)).fields())
                .doesNotContainKeys("Entrypoint", "Cmd", "WorkingDir");
    }

    @Test
    void aContainerIsConfinedAsTheKubeletDoesIt() {
        Json host = container(false).at("HostConfig");
        assertThat(texts(host.at("MaskedPaths"))).contains("/proc/kcore", "/sys/firmware");
        assertThat(texts(host.at("ReadonlyPaths"))).contains("/proc/sys", "/proc/sysrq-trigger");
        assertThat(texts(host.at("SecurityOpt"))).containsExactly("seccomp=unconfined");
    }

    @Test
    void everythingThatConfinesAContainerIsAskedFor() {
        Json body = container(new Security(7L, 8L, List.of(42L), true, true, List.of("NET_ADMIN"), List.of("ALL"), true,
                true, false, null, null, new SeLinux("", "", "t", "s0:c1")));
        assertThat(body.at("User").text()).isEqualTo("7:8");
        assertThat(body.at("StopSignal").text()).isEqualTo("SIGUSR1");
        Json host = body.at("HostConfig");
        assertThat(texts(host.at("GroupAdd"))).containsExactly("42");
        assertThat(texts(host.at("CapAdd"))).containsExactly("NET_ADMIN");
        assertThat(texts(host.at("CapDrop"))).containsExactly("ALL");
        assertThat(host.at("Privileged").flag()).isTrue();
        assertThat(host.at("ReadonlyRootfs").flag()).isTrue();
        assertThat(host.at("MaskedPaths").value()).as("none, not Docker's own").isEqualTo(List.of());
        assertThat(host.at("ReadonlyPaths").value()).isEqualTo(List.of());
        assertThat(options(body)).containsExactly("seccomp=unconfined", "label=type:t", "label=level:s0:c1",
                "no-new-privileges");
    }

    @Test
    void aUserIsAsMuchAsIsSaidOfIt() {
        assertThat(container(Security.DEFAULT).fields()).doesNotContainKey("User");
        assertThat(container(user(7L, null, true)).at("User").text()).isEqualTo("7");
        assertThat(container(user(null, 8L, true)).at("User").text()).isEqualTo("0:8");
        assertThat(container(user(null, 8L, true), Access.ReadOnly, new Facts("app:staff", false, false)).at("User").text())
                .isEqualTo("app:8");
        assertThat(container(user(7L, 8L, false)).at("User").text()).as("then the image's groups do not count")
                .isEqualTo("7:8");
        assertThatThrownBy(() -> container(user(7L, null, false))).isInstanceOf(RuntimeRefused.class)
                .hasMessageContaining("supplementalGroupsPolicy Strict: Docker adds");
    }

    @Test
    void dockerTakesTheContentOfASeccompProfile(@TempDir Path dir) throws Exception {
        Path file = Files.writeString(dir.resolve("p.json"), "{}");
        assertThat(options(container(profiles(new Profile.Localhost(file.toString()), null)))).containsExactly("seccomp={}");
        assertThat(options(container(profiles(new Profile.RuntimeDefault(), null)))).isEmpty();
        assertThatThrownBy(() -> container(profiles(new Profile.Localhost("/no/such"), null)))
                .isInstanceOf(RuntimeRefused.class).hasMessage("cannot read the seccomp profile /no/such: no such file");
    }

    @Test
    void anAppArmorProfileNeedsAppArmor() {
        Security web = profiles(new Profile.RuntimeDefault(), new Profile.Localhost("web"));
        assertThat(options(container(web, Access.ReadOnly, new Facts("", false, true)))).containsExactly("apparmor=web");
        assertThatThrownBy(() -> container(web)).isInstanceOf(RuntimeRefused.class)
                .hasMessage("AppArmor profile web: AppArmor is not enabled on this machine");
        assertThat(options(container(profiles(new Profile.RuntimeDefault(), new Profile.Unconfined()))))
                .containsExactly("apparmor=unconfined");
    }

    @Test
    void aMountIsReadOnlyAllTheWayDownWhereDockerCan() {
        Json able = container(Security.DEFAULT, Access.RecursiveReadOnly, new Facts("", true, false));
        assertThat(able.at("HostConfig", "Mounts").items().getFirst().at("BindOptions", "ReadOnlyForceRecursive").flag())
                .isTrue();
        assertThatThrownBy(() -> container(Security.DEFAULT, Access.RecursiveReadOnly, NOTHING))
                .isInstanceOf(RuntimeRefused.class).hasMessageContaining("the mount at /in: this Docker cannot");
        Json only = container(Security.DEFAULT, Access.ReadOnly, new Facts("", true, false));
        assertThat(only.at("HostConfig", "Mounts").items().getFirst().at("BindOptions", "ReadOnlyNonRecursive").flag()).isTrue();
        Json ifPossible = container(Security.DEFAULT, Access.RecursiveReadOnlyIfPossible, NOTHING);
        assertThat(ifPossible.at("HostConfig", "Mounts").items().getFirst().at("ReadOnly").flag()).isTrue();
    }

    @Test
    void aPodThatSharesItsProcessesSeesThoseOfTheSandbox() {
        SandboxSpec s = sandbox(false);
        SandboxSpec shared = new SandboxSpec(s.name(), s.uid(), 0, "web", s.logDirectory(), Map.of(), Map.of(),
                new SandboxSpec.Namespaces(false, Pid.Pod, false), List.of(), null, "", "", true,
                Map.of("net.ipv4.tcp_syncookies", "1"), new SeLinux("u", "", "", ""));
        Json host = body(shared).at("HostConfig");
        assertThat(host.fields()).doesNotContainKeys("PidMode", "Privileged");
        assertThat(host.at("Sysctls").texts()).isEqualTo(Map.of("net.ipv4.tcp_syncookies", "1"));
        assertThat(texts(host.at("SecurityOpt"))).containsExactly("no-new-privileges", "label=user:u");
        assertThat(new Json(Specs.of(CONTAINER, shared, new SandboxId("abc"), LogLimits.of(DockerRuntime.PID, "1k", 1), NOTHING))
                .at("HostConfig", "PidMode").text()).isEqualTo("container:abc");
    }
}
