package io.holdfast.reconciler;

import static io.holdfast.reconciler.Rig.waiting;
import static io.holdfast.reconciler.TestPods.IMAGE;
import static io.holdfast.reconciler.TestPods.app;
import static io.holdfast.reconciler.TestPods.container;
import static io.holdfast.reconciler.TestPods.pod;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.holdfast.pod.Container.ImagePullPolicy;
import io.holdfast.pod.PodName;
import io.holdfast.reconciler.TestPods.PodDraft;
import io.holdfast.status.PodEvent;
import io.holdfast.testkit.FakeRuntime;

/** What runs is not ended for a changed manifest that cannot be run (design decision 2), on a fake engine. */
@Timeout(60)
class SuccessionTest {

    private static final PodName WEB = new PodName("default", "web-n");

    @TempDir
    Path directory;
    private final FakeRuntime runtime = new FakeRuntime();
    private final List<Rig> rigs = new ArrayList<>();
    private Rig rig;

    private static PodDraft edition(String uid, String image) {
        return pod("web-n").edition(uid).with(app().image(image, ImagePullPolicy.IfNotPresent));
    }

    private static PodDraft typo() {
        return edition("v2", "busybox:1.typo");
    }

    @BeforeEach
    void start() {
        runtime.addImage(IMAGE);
        runtime.refuse("pull busybox:1.typo", "manifest unknown");
        rig = nextAgent();
    }

    private Rig nextAgent() {
        rig = new Rig(runtime, directory);
        rigs.add(rig);
        return rig;
    }

    @AfterEach
    void stop() throws InterruptedException {
        for (Rig each : rigs) {
            each.close();
        }
    }

    private String held() {
        return rig.view("web-n").map(v -> v.desired() == null || v.desired().held() == null ? "" : v.desired().held())
                .orElse("none is shown");
    }

    private List<String> told(String reason) {
        return rig.view("web-n").stream().flatMap(v -> v.events().stream()).filter(e -> e.reason().equals(reason))
                .map(PodEvent::message).toList();
    }

    private List<String> stops() {
        return runtime.calls().stream().filter(c -> c.startsWith("stop")).toList();
    }

    @Test
    void whatRunsStaysAndIsCaredForUntilTheNewImageIsThere() {
        rig.want(pod("web-n"));
        rig.awaitReady("web-n", "v1");
        rig.want(typo());
        waiting().until(() -> held().equals("its manifest was changed, but cannot be run yet: image \"busybox:1.typo\" is not"
                + " there: manifest unknown"));
        waiting().until(() -> told("FailedUpdate").contains("cannot run the changed manifest on runtime fake, it stays as it was:"
                + " image \"busybox:1.typo\" is not there: manifest unknown"));
        rig.awaitReady("web-n", "v1");
        assertThat(stops()).isEmpty();
        runtime.crash(WEB, "app", 1);
        rig.awaitRunning("web-n/app#1 v1");
        assertThat(held()).isNotEmpty();
        runtime.heal("pull busybox:1.typo");
        rig.awaitReady("web-n", "v2");
        rig.awaitRunning("web-n/app#0 v2");
        assertThat(held()).isEmpty();
    }

    @Test
    void itRunsOnWhileTheNewImageIsPulled() {
        rig.want(pod("web-n"));
        rig.awaitReady("web-n", "v1");
        runtime.block("pull busybox:2");
        rig.want(edition("v2", "busybox:2"));
        waiting().until(() -> held().startsWith("its manifest was changed, but cannot be run yet: pulling image \"busybox:2\" since"));
        assertThat(stops()).isEmpty();
        runtime.heal("pull busybox:2");
        rig.awaitReady("web-n", "v2");
        assertThat(told("FailedUpdate")).isEmpty();
    }

    @Test
    void anEditThatTheEngineCannotCarryOutIsHeldBackUntilItIsMended() {
        rig.want(pod("web-n"));
        rig.awaitReady("web-n", "v1");
        runtime.limit("stop signal SIGUSR1: no such thing");
        rig.want(pod("web-n").edition("v2"));
        waiting().until(() -> held().endsWith("stop signal SIGUSR1: no such thing"));
        assertThat(stops()).isEmpty();
        runtime.limit("");
        rig.want(pod("web-n").edition("v3"));
        rig.awaitReady("web-n", "v3");
    }

    @Test
    void whatTheEngineCannotDoPullsNoImage() {
        rig.want(pod("web-n"));
        rig.awaitReady("web-n", "v1");
        runtime.limit("no such thing");
        rig.want(edition("v2", "busybox:2"));
        waiting().until(() -> held().endsWith(": no such thing"));
        assertThat(runtime.calls()).noneMatch(c -> c.startsWith("pull"));
    }

    @Test
    void whatIsWrongIsToldBeforeWhatIsOnItsWay() {
        rig.want(pod("web-n"));
        rig.awaitReady("web-n", "v1");
        runtime.block("pull busybox:2");
        rig.want(edition("v2", "busybox:1.typo").with(container("side").image("busybox:2", ImagePullPolicy.IfNotPresent)));
        waiting().until(() -> held().endsWith("image \"busybox:1.typo\" is not there: manifest unknown"));
        runtime.heal("pull busybox:2");
        runtime.heal("pull busybox:1.typo");
        rig.awaitReady("web-n", "v2");
    }

    @Test
    void anEditThatIsTakenBackHasDoneNothing() {
        rig.want(pod("web-n"));
        rig.awaitReady("web-n", "v1");
        rig.want(typo());
        waiting().until(() -> held().contains("manifest unknown"));
        rig.want(pod("web-n"));
        waiting().until(() -> held().isEmpty());
        rig.awaitReady("web-n", "v1");
        assertThat(stops()).isEmpty();
    }

    @Test
    void aRuntimeClassThatStandsForNothingEndsNothing() {
        rig.want(pod("web-n"));
        rig.awaitReady("web-n", "v1");
        rig.want(pod("web-n").edition("v2").runtimeClass("kata"));
        waiting().until(() -> held().contains("runtimeClassName 'kata' stands for no runtime"));
        assertThat(stops()).isEmpty();
        rig.choose(Map.of("class.kata", "fake"));
        rig.awaitReady("web-n", "v2");
    }

    @Test
    void theNextAgentLeavesItAloneToo() throws InterruptedException {
        rig.want(pod("web-n"));
        rig.awaitReady("web-n", "v1");
        rig.want(typo());
        waiting().until(() -> held().contains("manifest unknown"));
        rig.close();
        nextAgent().want(typo());
        waiting().until(() -> !told("FailedUpdate").isEmpty() && held().contains("manifest unknown"));
        rig.awaitRunning("web-n/app#0 v1");
        assertThat(stops()).isEmpty();
        runtime.heal("pull busybox:1.typo");
        rig.awaitReady("web-n", "v2");
    }

    @Test
    void theNextAgentGoesOnWhenNothingRunsAnyMore() throws InterruptedException {
        rig.want(pod("web-n"));
        rig.awaitReady("web-n", "v1");
        rig.close();
        nextAgent().want(typo());
        waiting().until(() -> !told("FailedUpdate").isEmpty());
        runtime.crash(WEB, "app", 1);
        rig.awaitReason("web-n", "ImagePullBackOff");
    }

    @Test
    void whatNeverRanHoldsNothingBack() {
        rig.want(typo());
        rig.awaitReason("web-n", "ImagePullBackOff");
        rig.want(edition("v3", IMAGE));
        rig.awaitReady("web-n", "v3");
    }

    @Test
    void whatIsHeldGoesWithItsManifest() {
        rig.want(pod("web-n"));
        rig.awaitReady("web-n", "v1");
        rig.want(typo());
        waiting().until(() -> held().contains("manifest unknown"));
        rig.want();
        waiting().until(() -> rig.views().isEmpty());
        rig.awaitRunning();
    }
}
