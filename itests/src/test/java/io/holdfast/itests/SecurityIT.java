package io.holdfast.itests;

import static io.holdfast.itests.Lab.soon;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** securityContext, seen from inside the container. */
class SecurityIT {

    private static final String NO_NEW_DIRECTORIES = """
            {"defaultAction": "SCMP_ACT_ALLOW",
             "syscalls": [{"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO"}]}""";

    @RegisterExtension
    final Lab lab = new Lab();

    /** A pod whose containers differ in what they may do. */
    private static String pod(String name, String podContext, String... containers) {
        StringBuilder text = new StringBuilder("""
                apiVersion: v1
                kind: Pod
                metadata: {name: %s}
                spec:
                  terminationGracePeriodSeconds: 0
                  securityContext: %s
                  volumes: [{name: scratch, emptyDir: {}}]
                  containers:
                """.formatted(name, podContext));
        for (String container : containers) {
            String[] parts = container.split(" ", 2);
            text.append("""
                      - name: %s
                        image: %s
                        command: [sh, -c, "touch /scratch/%s; exec sleep 3600"]
                        securityContext: %s
                        volumeMounts: [{name: scratch, mountPath: /scratch}]
                    """.formatted(parts[0], Agent.IMAGE, parts[0], parts[1]));
        }
        return text.toString();
    }

    private String run(String pod, String container, String script) {
        return lab.engine().exec(lab.container(pod, container).id(), "sh", "-c", script).strip();
    }

    /** A line of {@code /proc/PID/status} of the container's first process. */
    private String status(String pod, String container, String line) {
        return run(pod, container, "sed -n 's/^" + line + ":\\t*//p' /proc/1/status");
    }

    @Test
    void usersAndGroupsAreThoseOfTheManifest() throws Exception {
        lab.agent().start().manifest("users.yaml", pod("users",
                "{runAsUser: 1000, runAsGroup: 3000, supplementalGroups: [4000], fsGroup: 5000, runAsNonRoot: true}",
                "pod {}", "own {runAsUser: 1001, runAsGroup: 3001}"));
        assertThat(status("users", "pod", "Uid")).isEqualTo("1000\t1000\t1000\t1000");
        assertThat(status("users", "pod", "Gid")).startsWith("3000\t");
        assertThat(status("users", "pod", "Groups").split(" ")).contains("4000", "5000").doesNotContain("1000");
        assertThat(status("users", "own", "Uid")).startsWith("1001\t");
        assertThat(status("users", "own", "Gid")).startsWith("3001\t");
        assertThat(run("users", "pod", "stat -c '%g %a' /scratch")).startsWith("5000 2"); // G3: and set-group-id
        assertThat(run("users", "pod", "stat -c '%u %g' /scratch/own")).isEqualTo("1001 5000");
    }

    @Test
    void aContainerMayDoWhatItsContextSaysAndNoMore() throws Exception {
        Path profiles = Files.createDirectories(lab.directory().resolve("seccomp"));
        Files.writeString(profiles.resolve("no-mkdir.json"), NO_NEW_DIRECTORIES);
        lab.agent().config("io.holdfast.reconciler", "seccomp.directory=" + profiles);
        lab.agent().start().manifest("caps.yaml", pod("caps", "{seccompProfile: {type: RuntimeDefault}}",
                "plain {}", "few {capabilities: {drop: [ALL], add: [NET_BIND_SERVICE, CHOWN]}}",
                "down {allowPrivilegeEscalation: false, readOnlyRootFilesystem: true}",
                "open {seccompProfile: {type: Unconfined}, procMount: Unmasked}",
                "ours {seccompProfile: {type: Localhost, localhostProfile: no-mkdir.json}}"));
        assertThat(status("caps", "few", "CapEff")).isEqualTo("0000000000000401");
        assertThat(status("caps", "few", "CapBnd")).isEqualTo("0000000000000401");
        assertThat(status("caps", "plain", "CapEff")).isEqualTo("00000000a80425fb"); // what engines give by default
        assertThat(status("caps", "plain", "NoNewPrivs")).isEqualTo("0");
        assertThat(status("caps", "down", "NoNewPrivs")).isEqualTo("1");
        assertThat(run("caps", "down", "touch /x")).contains("Read-only file system");
        assertThat(run("caps", "plain", "touch /x && echo made")).isEqualTo("made");
        assertThat(status("caps", "plain", "Seccomp")).isEqualTo("2");
        assertThat(status("caps", "open", "Seccomp")).isEqualTo("0");
        assertThat(status("caps", "ours", "Seccomp")).isEqualTo("2");
        assertThat(run("caps", "ours", "mkdir /y")).contains("Operation not permitted");
        assertThat(run("caps", "plain", "mkdir /y && echo made")).isEqualTo("made");
        assertThat(run("caps", "plain", "grep -c ' /proc/keys ' /proc/mounts")).isEqualTo("1"); // masked
        assertThat(run("caps", "open", "grep -c ' /proc/' /proc/mounts")).isEqualTo("0");
    }

    /** Docker gives all capabilities that the kernel knows, which fails where a machine such as CI's has not got them all. */
    @Test
    @Tag("cri")
    void aPrivilegedContainerMayDoWhatTheNodeMay() throws Exception {
        lab.agent().start().manifest("free.yaml", pod("free", "{}", "main {privileged: true}", "other {}"));
        String node = Files.readAllLines(Path.of("/proc/self/status")).stream().filter(l -> l.startsWith("CapEff:"))
                .findFirst().orElseThrow().substring(7).strip();
        assertThat(status("free", "main", "CapEff")).isEqualTo(node);
        assertThat(run("free", "main", "grep -c ' /proc/keys ' /proc/mounts")).isEqualTo("0");
        assertThat(run("free", "main", "ls /dev/kmsg")).isEqualTo("/dev/kmsg");
        assertThat(run("free", "other", "ls /dev/kmsg")).contains("No such file");
        assertThat(status("free", "other", "CapEff")).isNotEqualTo(node);
    }

    @Test
    void sysctlsAreThePodsOwn() throws Exception { // G5
        lab.agent().config("io.holdfast.reconciler", "allowed.unsafe.sysctls=net.core.somax*");
        lab.agent().start().manifest("tuned.yaml", pod("tuned",
                "{sysctls: [{name: net.ipv4.ip_unprivileged_port_start, value: \"80\"}, {name: net.core.somaxconn, value: \"77\"}]}",
                "main {}"));
        lab.agent().manifest("unsafe.yaml", pod("unsafe", "{sysctls: [{name: net.core.rmem_max, value: \"1\"}]}", "main {}"));
        assertThat(run("tuned", "main", "cat /proc/sys/net/ipv4/ip_unprivileged_port_start")).isEqualTo("80");
        assertThat(run("tuned", "main", "cat /proc/sys/net/core/somaxconn")).isEqualTo("77");
        soon(() -> assertThat(lab.status("unsafe").at("/reason").asText()).isEqualTo("SysctlForbidden"));
        assertThat(lab.status("unsafe").at("/message").asText()).isEqualTo("forbidden sysctl: \"net.core.rmem_max\":"
                + " it is none of the safe ones; allowed.unsafe.sysctls in io.holdfast.reconciler.cfg can allow it");
        assertThat(lab.engine().sandboxes("unsafe-node1")).isEmpty();
    }

    @Test
    void whatCannotBeIsRefusedAndSaysWhy() throws Exception { // L1
        lab.agent().start().manifest("root.yaml", pod("root", "{runAsNonRoot: true}", "main {}"));
        lab.agent().manifest("profile.yaml", pod("profile", "{}",
                "main {seccompProfile: {type: Localhost, localhostProfile: no-such.json}}"));
        lab.agent().manifest("armor.yaml", pod("armor", "{}",
                "main {appArmorProfile: {type: Localhost, localhostProfile: no-such-profile}}"));
        refused("root", "CreateContainerConfigError", "container has runAsNonRoot and image will run as root");
        refused("profile", "CreateContainerError", "no-such.json");
        refused("armor", "CreateContainerError", "AppArmor");
        assertThat(lab.engine().running()).isEmpty();
    }

    private void refused(String pod, String reason, String why) {
        soon(() -> {
            var waiting = lab.status(pod).at("/containerStatuses/0/state/waiting");
            assertThat(waiting.path("reason").asText()).isEqualTo(reason);
            assertThat(waiting.path("message").asText()).containsIgnoringCase(why);
        });
    }
}
