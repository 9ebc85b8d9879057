package io.holdfast.itests;

import static io.holdfast.itests.Lab.soon;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a pod shares with the node and its containers with each other, and the names it has; from inside the container. */
class NamespacesIT {

    @RegisterExtension
    final Lab lab = new Lab();

    private static String pod(String name, String spec) {
        return """
                apiVersion: v1
                kind: Pod
                metadata: {name: %s}
                spec:
                  terminationGracePeriodSeconds: 0
                %s  containers:
                  - {name: main, image: %s, command: [sleep, "3600"]}
                  - {name: second, image: %s, command: [sleep, "3601"]}
                """.formatted(name, spec.indent(2), Agent.IMAGE, Agent.IMAGE);
    }

    private String run(String pod, String container, String script) {
        return lab.engine().exec(lab.container(pod, container).id(), "sh", "-c", script).strip();
    }

    private String namespace(String pod, String container, String kind) {
        return run(pod, container, "readlink /proc/self/ns/" + kind);
    }

    private static String ofNode(String kind) throws IOException {
        return Files.readSymbolicLink(Path.of("/proc/self/ns", kind)).toString();
    }

    @Test
    void aPodHasItsOwnNamespacesOrTheNodes() throws Exception {
        lab.agent().start().manifest("own.yaml", pod("own", ""));
        lab.agent().manifest("host.yaml", pod("host", "hostNetwork: true\nhostPID: true\nhostIPC: true\n"));
        lab.agent().manifest("shared.yaml", pod("shared", "shareProcessNamespace: true\n"));
        for (String kind : new String[] {"net", "ipc", "uts"}) {
            assertThat(namespace("host", "main", kind)).as(kind).isEqualTo(ofNode(kind));
            assertThat(namespace("own", "main", kind)).as(kind).isNotEqualTo(ofNode(kind));
        }
        assertThat(namespace("own", "main", "net")).isEqualTo(namespace("own", "second", "net"));
        assertThat(namespace("own", "main", "ipc")).isEqualTo(namespace("own", "second", "ipc"));
        assertThat(namespace("host", "main", "pid")).isEqualTo(ofNode("pid"));
        assertThat(namespace("own", "main", "pid")).isNotEqualTo(ofNode("pid"))
                .isNotEqualTo(namespace("own", "second", "pid"));
        assertThat(namespace("shared", "main", "pid")).isNotEqualTo(ofNode("pid"))
                .isEqualTo(namespace("shared", "second", "pid"));
        assertThat(run("own", "main", "cat /proc/1/cmdline | tr '\\0' ' '")).isEqualTo("sleep 3600");
        assertThat(run("shared", "main", "ps -o args")).contains("sleep 3600", "sleep 3601");
        soon(() -> assertThat(lab.status("host").at("/podIP").asText()).isEqualTo(lab.status("host").at("/hostIP").asText()));
        assertThat(lab.status("own").at("/podIP").asText()).isNotEqualTo(lab.status("own").at("/hostIP").asText());
    }

    @Test
    void aPodHasTheNamesItsManifestSays() throws Exception { // G4
        lab.agent().start().manifest("named.yaml", pod("named", """
                hostname: chosen
                subdomain: team
                hostAliases: [{ip: 10.1.2.3, hostnames: [db, db.local]}]
                dnsPolicy: None
                dnsConfig: {nameservers: [10.9.9.9], searches: [a.example], options: [{name: ndots, value: "3"}]}
                """));
        lab.agent().manifest("plain.yaml", pod("plain", "dnsPolicy: Default\n"));
        lab.agent().manifest("host.yaml", pod("host", """
                hostNetwork: true
                hostAliases: [{ip: 10.1.2.4, hostnames: [cache]}]
                """));
        assertThat(run("named", "main", "hostname")).isEqualTo("chosen");
        assertThat(run("named", "second", "cat /etc/resolv.conf").lines()).contains("nameserver 10.9.9.9",
                "search a.example", "options ndots:3");
        assertThat(run("named", "main", "cat /etc/hosts")).contains("\tchosen", "10.1.2.3\tdb\tdb.local")
                .startsWith("# Kubernetes-managed hosts file.");
        assertThat(run("plain", "main", "hostname")).isEqualTo("plain-node1");
        assertThat(run("plain", "main", "grep ^nameserver /etc/resolv.conf"))
                .isEqualTo(String.join("\n", nameservers(Path.of("/etc/resolv.conf"))));
        assertThat(run("host", "main", "hostname")).isEqualTo(Files.readString(Path.of("/proc/sys/kernel/hostname")).strip());
        assertThat(run("host", "main", "cat /etc/hosts")).contains("10.1.2.4\tcache");
    }

    private static List<String> nameservers(Path file) throws IOException {
        return Files.readAllLines(file).stream().filter(l -> l.startsWith("nameserver")).limit(3).toList();
    }

    @Test
    void aHostPortIsOnePodsAtATimeButNotOneOfAnotherAddressOrProtocol() throws Exception { // R9
        lab.agent().start().manifest("first.yaml", listening("first", "127.0.0.1", "TCP"));
        lab.running("first");
        lab.agent().manifest("second.yaml", listening("second", "127.0.0.1", "TCP"));
        lab.agent().manifest("other.yaml", listening("other", "127.0.0.2", "TCP"));
        lab.agent().manifest("udp.yaml", listening("udp", "127.0.0.1", "UDP"));
        lab.running("other");
        lab.running("udp");
        soon(() -> assertThat(lab.status("second").at("/message").asText()).contains("is taken by pod default/first-node1"));
        assertThat(lab.status("second").at("/reason").asText()).isEqualTo("HostPortConflict");
        lab.agent().remove("first.yaml");
        lab.running("second"); // by itself
    }

    private static String listening(String name, String ip, String protocol) {
        return Pods.sleeper(name).replace("hostNetwork: true", "hostNetwork: false") + """
                    ports: [{containerPort: 80, hostPort: 18083, hostIP: %s, protocol: %s}]
                """.formatted(ip, protocol);
    }
}
