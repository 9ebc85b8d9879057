package io.holdfast.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.annotation.Annotation;
import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.Test;

class NodeConfigTest {

    private record Config(String name, String ip, String[] labels, String[] taints, String state_directory, String pod_log_directory,
            String run_directory) implements NodeConfig.Config {

        @Override
        public Class<? extends Annotation> annotationType() {
            return NodeConfig.Config.class;
        }
    }

    private static NodeConfig node(String name, String ip) {
        return new NodeConfig(new Config(name, ip, new String[]{"example.com/disk=ssd"}, new String[]{"example.com/gpu=yes:NoSchedule, old:NoExecute"},
                "/var/lib/holdfast",
                "/var/log/pods", "/run/holdfast"),
                Map.of("name", name, "state.directory", "/var/lib/holdfast", "service.pid", "io.holdfast.node"));
    }

    @Test
    void theNameIsLowerCase() { // I1
        assertThat(node("Node1.Example.ORG", "").name()).isEqualTo("node1.example.org");
    }

    @Test
    void withoutAnythingTheMachineIsAsked() {
        NodeConfig node = node("", "");
        assertThat(Formats.subdomain(node.name())).isNull();
        assertThat(Formats.ip(node.ip())).isNull();
        assertThat(node.stateDirectory()).isEqualTo(Path.of("/var/lib/holdfast"));
        assertThat(node.podLogDirectory()).isEqualTo(Path.of("/var/log/pods"));
        assertThat(node.memoryDirectory()).isEqualTo(Path.of("/run/holdfast/manifests/var/lib/holdfast"));
    }

    @Test
    void aNameThatIsNoDnsNameIsRefused() {
        assertThatThrownBy(() -> node("my_node", "")).hasMessage(
                "io.holdfast.node: name 'my_node': must be a DNS name: at most 253 lower-case letters, digits, '-'"
                        + " and '.', with a letter or digit at both ends of each part; found 'my_node'");
        assertThatThrownBy(() -> node("n", "localhost"))
                .hasMessage("io.holdfast.node: ip 'localhost': must be an IP address; found 'localhost'");
    }

    @Test
    void itsTaintsAreReadAndWhatIsNoneIsNamed() {
        assertThat(node("n", "").thisNode().taints()).extracting(Taint::toString)
                .containsExactly("example.com/gpu=yes:NoSchedule", "old:NoExecute");
        assertThatThrownBy(() -> NodeConfig.taints(new String[]{"gpu=yes:NoWay"})).hasMessage("io.holdfast.node: taints"
                + " 'gpu=yes:NoWay': must be key=value:EFFECT or key:EFFECT, such as example.com/gpu=yes:NoSchedule;"
                + " effects are NoSchedule, PreferNoSchedule and NoExecute");
        assertThatThrownBy(() -> NodeConfig.taints(new String[]{"g u:NoSchedule"}))
                .hasMessageStartingWith("io.holdfast.node: taints 'g u:NoSchedule': the key must be a name");
    }

    @Test
    void itsLabelsAreWhatEveryNodeHasAndWhatIsConfigured() {
        assertThat(node("n", "").labels()).containsEntry("kubernetes.io/hostname", "n")
                .containsEntry("kubernetes.io/os", "linux").containsEntry("example.com/disk", "ssd")
                .containsKey("kubernetes.io/arch");
    }

    @Test
    void anUnknownKeyIsRefused() {
        assertThatThrownBy(() -> new NodeConfig(new Config("a", "", new String[0], new String[0], "/s", "/l", "/r"),
                Map.of("nane", "a", "service.pid", "io.holdfast.node")))
                .hasMessage("io.holdfast.node: cannot read 'nane'; did you mean 'name'?");
    }
}
