package io.holdfast.reconciler;

import static io.holdfast.reconciler.TestConfig.allOf;
import static io.holdfast.reconciler.TestConfig.configMap;
import static io.holdfast.reconciler.TestConfig.item;
import static io.holdfast.reconciler.TestConfig.mapKey;
import static io.holdfast.reconciler.TestConfig.objects;
import static io.holdfast.reconciler.TestConfig.ofConfigMap;
import static io.holdfast.reconciler.TestConfig.optional;
import static io.holdfast.reconciler.TestConfig.secret;
import static io.holdfast.reconciler.TestConfig.secretKey;
import static io.holdfast.reconciler.TestConfig.subPath;
import static io.holdfast.reconciler.TestPods.app;
import static io.holdfast.reconciler.TestPods.pod;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import io.holdfast.reconciler.TestPods.ContainerDraft;

class ReadConfigTest {

    private static final String UID = "v1";

    @Test
    void aContainerThatReadsNothingHasNoHash() throws IOException {
        assertThat(hashes(app().env("A", "1").mount("files", "/files"), objects(configMap("web", "a", "1")))).isEmpty();
    }

    @Test
    void eachObjectHasAHashThatDoesNotTellItsValue() throws IOException {
        String hashes = hashes(app().env("K", secretKey("tls", "key")).env("A", mapKey("web", "a")),
                objects(secret("tls", "key", "k3y"), configMap("web", "a", "1")));
        assertThat(hashes).matches("ConfigMap/web=[0-9a-f]{64},Secret/tls=[0-9a-f]{64}");
        assertThat(new ReadConfig(app().env("K", secretKey("tls", "key")).made(), fields(), objects(secret("tls", "key", "k3y")))
                .hashes("v2")).as("nor that two pods have the same").isNotEqualTo(hashes.split(",", -1)[1]);
    }

    @Test
    void aChangeIsOneOfWhatWasRead() throws IOException {
        ContainerDraft one = app().env("A", mapKey("web", "a"));
        ContainerDraft all = app().envFrom(allOf(null, "web"));
        ContainerDraft file = app().mount(subPath("files", "/etc/a", "etc/a"));
        ConfigObjects before = objects(configMap("web", "a", "1", "b", "1"));
        ConfigObjects other = objects(configMap("web", "a", "1", "b", "2", "c", "3"));
        ConfigObjects same = objects(configMap("web", "a", "2", "b", "1"));
        assertThat(changed(one, before, before)).isEmpty();
        assertThat(changed(one, before, other)).isEmpty();
        assertThat(changed(one, before, same)).contains("its ConfigMap default/web changed");
        assertThat(changed(all, before, before)).isEmpty();
        assertThat(changed(all, before, other)).contains("its ConfigMap default/web changed");
        assertThat(changed(file, before, other)).isEmpty();
        assertThat(changed(file, before, same)).contains("its ConfigMap default/web changed");
        assertThat(changed(app().mount("files", "/files"), before, same)).as("files in place are no reason").isEmpty();
    }

    @Test
    void whatIsOptionalMayComeAndGo() throws IOException {
        ContainerDraft container = app().env("K", optional(secretKey("tls", "key")));
        assertThat(changed(container, objects(), objects())).isEmpty();
        assertThat(changed(container, objects(), objects(secret("tls", "key", "k3y")))).contains("its Secret default/tls changed");
        assertThat(changed(container, objects(secret("tls", "key", "k3y")), objects())).contains("its Secret default/tls changed");
    }

    @Test
    void whatAnotherAgentWroteDifferentlyIsNoChange() throws IOException {
        ReadConfig now = new ReadConfig(app().env("A", mapKey("web", "a")).made(), fields(), objects(configMap("web", "a", "1")));
        assertThat(now.changedSince("", UID)).isEmpty();
        assertThat(now.changedSince("ConfigMap/other=12,nonsense", UID)).isEmpty();
    }

    @Test
    void withoutWhatItNeedsNothingIsKnown() {
        assertThatThrownBy(() -> hashes(app().env("A", mapKey("web", "a")), objects())).isInstanceOf(Unresolved.class);
        assertThatThrownBy(() -> hashes(app().mount(subPath("files", "/x", "none")), objects(configMap("web", "a", "1"))))
                .isInstanceOf(Unresolved.class);
    }

    private static Optional<String> changed(ContainerDraft container, ConfigObjects before, ConfigObjects now) throws IOException {
        return new ReadConfig(container.made(), fields(), now).changedSince(hashes(container, before), UID);
    }

    private static String hashes(ContainerDraft container, ConfigObjects objects) throws IOException {
        return new ReadConfig(container.made(), fields(), objects).hashes(UID);
    }

    private static PodFields fields() {
        return new PodFields(pod("web-n").volume(TestConfig.of("files", ofConfigMap("web", item("a", "etc/a", null)))).made(),
                TestPods.TestNode.in(Path.of("/nowhere")), List.of());
    }
}
