package io.holdfast.reconciler;

import static io.holdfast.pod.Container.ImagePullPolicy.IfNotPresent;
import static io.holdfast.reconciler.TestPods.app;
import static io.holdfast.reconciler.TestPods.pod;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.holdfast.source.ConfigObject;
import io.holdfast.source.ConfigObject.Key;
import io.holdfast.source.ConfigObject.Kind;
import io.holdfast.source.ConfigObject.Value;
import io.holdfast.status.PodEvent;
import io.holdfast.testkit.FakeRuntime;

@Timeout(30)
class PullSecretsTest { // C9

    private static final String IMAGE = "r.io/team/a:1";

    @TempDir
    Path directory;

    private final FakeRuntime runtime = new FakeRuntime();
    private Rig rig;

    @BeforeEach
    void begin() {
        rig = new Rig(runtime, directory);
    }

    @AfterEach
    void end() throws InterruptedException {
        rig.close();
    }

    @Test
    void eachOfTheCredentialsIsTriedUntilOneIsAccepted() {
        runtime.refuse("pull " + IMAGE + " as old", "unauthorized");
        rig.have(secret("old", "r.io/team"), secret("new", "r.io"), secret("other", "other.io"));
        rig.want(web().pullSecret("new").pullSecret("old").pullSecret("other"));
        rig.awaitRunning("web/app#0 v1");
        assertThat(runtime.calls()).filteredOn(call -> call.startsWith("pull"))
                .containsExactly("pull " + IMAGE + " as old", "pull " + IMAGE + " as new");
    }

    @Test
    void withoutItsSecretTheImageIsPulledAllTheSameAndThePersonIsTold() {
        rig.want(web().pullSecret("gone").pullSecret("lost"));
        runtime.block("pull");
        rig.awaitReason("web", "ContainerCreating");
        Rig.waiting().untilAsserted(() -> assertThat(events()).contains("FailedToRetrieveImagePullSecret: Unable to retrieve some"
                + " image pull secrets (gone, lost); attempting to pull the image may not succeed."));
        runtime.heal("pull");
        rig.awaitRunning("web/app#0 v1");
        assertThat(runtime.calls()).contains("pull " + IMAGE);
    }

    @Test
    void aSecretThatComesIsTriedAtOnce() throws InterruptedException {
        rig.close();
        Backoff long_ = new Backoff(Duration.ofHours(1), Duration.ofHours(1), Duration.ofHours(1));
        Settings quick = Rig.QUICK;
        rig = new Rig(runtime, directory, new Settings(quick.backoff(), long_, quick.retry(), quick.settle(), quick.relist(), 4, 3));
        runtime.refuse("pull " + IMAGE, "unauthorized");
        rig.want(web().pullSecret("mine"));
        rig.awaitReason("web", "ErrImagePull");
        assertThat(events()).contains(
                "Failed: Failed to pull image \"" + IMAGE + "\": unauthorized; no credentials are known for r.io");
        runtime.heal("pull " + IMAGE);
        rig.have(secret("mine", "r.io"));
        rig.awaitRunning("web/app#0 v1");
        assertThat(runtime.calls()).endsWith("start default/web/app#0").contains("pull " + IMAGE + " as mine");
    }

    @Test
    void whatFailedIsSaidWithoutThePassword() {
        runtime.refuse("pull", "unauthorized");
        rig.have(secret("mine", "r.io"), secret("other", "r.io"));
        rig.want(web().pullSecret("mine").pullSecret("other"));
        Rig.waiting().untilAsserted(() -> assertThat(events())
                .contains("Failed: Failed to pull image \"" + IMAGE
                        + "\": unauthorized; the credentials that are known for r.io are not accepted, 2 were tried"));
        assertThat(rig.views().toString()).doesNotContain("hunter2");
        rig.awaitReason("web", "ImagePullBackOff");
    }

    private List<String> events() {
        return rig.view("web").orElseThrow().events().stream().map((PodEvent e) -> e.reason() + ": " + e.message()).toList();
    }

    private static TestPods.PodDraft web() {
        return pod("web").hostNetwork().with(app().image(IMAGE, IfNotPresent));
    }

    private static ConfigObject secret(String name, String registry) {
        return new ConfigObject(new Key(Kind.Secret, "default", name), "kubernetes.io/dockerconfigjson", Map.of(".dockerconfigjson",
                Value.of("{\"auths\": {\"" + registry + "\": {\"username\": \"" + name + "\", \"password\": \"hunter2\"}}}")),
                TestPods.SOURCE, "secrets.yaml");
    }
}
