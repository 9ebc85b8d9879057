package io.holdfast.reconciler;

import static io.holdfast.reconciler.TestConfig.configMap;
import static io.holdfast.reconciler.TestConfig.field;
import static io.holdfast.reconciler.TestConfig.item;
import static io.holdfast.reconciler.TestConfig.objects;
import static io.holdfast.reconciler.TestConfig.ofConfigMap;
import static io.holdfast.reconciler.TestConfig.ofSecret;
import static io.holdfast.reconciler.TestConfig.secret;
import static io.holdfast.reconciler.TestPods.app;
import static io.holdfast.reconciler.TestPods.pod;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

import io.holdfast.pod.EnvVar.ResourceFieldRef;
import io.holdfast.pod.Quantity;
import io.holdfast.pod.Volume;
import io.holdfast.pod.Volume.ConfigMapSource;
import io.holdfast.pod.Volume.DownwardApi;
import io.holdfast.pod.Volume.Projected.Source;
import io.holdfast.pod.Volume.SecretSource;

class ConfigVolumeTest {

    private static final ConfigObjects OBJECTS = objects(configMap("web", "a.conf", "A", "b.conf", "B"), secret("tls", "key", "k3y"));

    @Test
    void withoutItemsEachKeyIsAFile() throws IOException {
        assertThat(files(TestConfig.of("v", ofConfigMap("web")))).isEqualTo("a.conf 644 A, b.conf 644 B");
        assertThat(files(TestConfig.of("v", ofSecret("tls")))).isEqualTo("key 644 k3y");
    }

    @Test
    void itemsChooseKeysPathsAndModes() throws IOException {
        assertThat(files(TestConfig.of("v", new ConfigMapSource("web", List.of(item("a.conf", "etc/one", null),
                item("b.conf", "etc/two", 0400)), 0640, false)))).isEqualTo("etc/one 640 A, etc/two 400 B");
    }

    @Test
    void aProjectedVolumeHasThemAll() throws IOException {
        assertThat(files(TestConfig.projected("v", 0440, new Source(ofConfigMap("web", item("a.conf", "a", null)), null, null),
                new Source(null, new SecretSource(null, "tls", List.of(item("key", "tls/key", 0400)), null, false), null),
                new Source(null, null, new DownwardApi(List.of(field("name", "metadata.name")), null)))))
                .isEqualTo("a 440 A, name 440 web-n, tls/key 400 k3y");
    }

    @Test
    void aPodMayReadOfItselfAndItsContainers() throws IOException {
        DownwardApi.Item memory = new DownwardApi.Item("memory", null, new ResourceFieldRef("app", "limits.memory", new Quantity("1Mi")), 0600);
        assertThat(files(TestConfig.of("v", new DownwardApi(List.of(field("labels", "metadata.labels"), memory), 0444))))
                .isEqualTo("labels 444 app=\"web\", memory 600 64");
    }

    @Test
    void whatIsMissingIsNamedAsTheKubeletDoes() {
        assertUnresolved(TestConfig.of("v", ofConfigMap("none")), "configmap \"none\" not found");
        assertUnresolved(TestConfig.of("v", ofSecret("none")), "secret \"none\" not found");
        assertUnresolved(TestConfig.of("v", ofConfigMap("web", item("c", "c", null))), "configmap references non-existent config key: c");
        assertUnresolved(TestConfig.of("v", ofSecret("tls", item("c", "c", null))), "references non-existent secret key: c");
        assertUnresolved(TestConfig.projected("v", null, new Source(null, ofSecret("none"), null)), "secret \"none\" not found");
    }

    @Test
    void whatIsOptionalMayBeMissing() throws IOException {
        assertThat(files(TestConfig.of("v", new ConfigMapSource("none", List.of(), null, true)))).isEmpty();
        assertThat(files(TestConfig.of("v", new SecretSource("tls", null, List.of(item("key", "key", null), item("none", "none", null)),
                null, true)))).isEqualTo("key 644 k3y");
    }

    private static void assertUnresolved(Volume volume, String message) {
        assertThatThrownBy(() -> files(volume)).isInstanceOf(Unresolved.class).hasMessage(message);
    }

    private static String files(Volume volume) throws IOException {
        PodFields fields = new PodFields(pod("web-n").label("app", "web").with(app().limit("memory", "64Mi")).made(),
                TestPods.TestNode.in(Path.of("/nowhere")), List.of());
        return ConfigVolume.files(volume, fields, OBJECTS).entrySet().stream().map(e -> e.getKey() + " "
                + Integer.toOctalString(e.getValue().mode()) + " " + e.getValue().content().text()).collect(Collectors.joining(", "));
    }
}
