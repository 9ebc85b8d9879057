package io.holdfast.reconciler;

import static io.holdfast.reconciler.TestConfig.configMap;
import static io.holdfast.reconciler.TestConfig.ofConfigMap;
import static io.holdfast.reconciler.TestConfig.ofSecret;
import static io.holdfast.reconciler.TestConfig.secret;
import static io.holdfast.reconciler.TestPods.app;
import static io.holdfast.reconciler.TestPods.pod;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;

import org.junit.jupiter.api.Test;

import io.holdfast.pod.Volume.Projected.Source;
import io.holdfast.source.ConfigObject;
import io.holdfast.source.ConfigObject.Key;

class ReferencesTest {

    @Test
    void aPodRefersToObjectsByItsEnvironmentAndItsVolumes() {
        assertThat(References.of(pod("web-n").with(app().env("A", TestConfig.mapKey("env", "a"))
                .env("B", TestConfig.optional(TestConfig.secretKey("env", "b"))).env("C", "text").field("D", "metadata.name")
                .envFrom(TestConfig.allOf(null, "from")).envFrom(TestConfig.allOfSecret(null, "from")))
                .volume(TestConfig.of("m", ofConfigMap("volume"))).volume(TestConfig.of("s", ofSecret("volume")))
                .volume(TestConfig.projected("p", null, new Source(ofConfigMap("projected"), null, null),
                        new Source(null, ofSecret("projected"), null)))
                .emptyDir("e", "", null).made())).extracting(Key::toString).containsExactlyInAnyOrder(
                        "ConfigMap default/env", "Secret default/env", "ConfigMap default/from", "Secret default/from",
                        "ConfigMap default/volume", "Secret default/volume", "ConfigMap default/projected",
                        "Secret default/projected");
    }

    @Test
    void mostPodsReferToNone() {
        assertThat(References.of(pod("web-n").made())).isEmpty();
    }

    @Test
    void findsWhatCameWentOrChanged() {
        Map<Key, ConfigObject> before = TestConfig.objects(configMap("same", "a", "1"), configMap("edited", "a", "1"),
                configMap("gone", "a", "1"), secret("edited", "a", "1")).all();
        Map<Key, ConfigObject> now = TestConfig.objects(configMap("same", "a", "1"), configMap("edited", "a", "2"),
                configMap("come", "a", "1"), secret("edited", "a", "1")).all();
        assertThat(References.changed(before, now)).extracting(Key::toString).containsExactlyInAnyOrder(
                "ConfigMap default/edited", "ConfigMap default/gone", "ConfigMap default/come");
    }
}
