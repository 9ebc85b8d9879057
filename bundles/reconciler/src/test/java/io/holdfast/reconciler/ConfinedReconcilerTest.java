package io.holdfast.reconciler;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.holdfast.pod.PodSpec;
import io.holdfast.reconciler.ConfinedPods.OfContainer;
import io.holdfast.reconciler.ConfinedPods.OfPod;
import io.holdfast.status.PodStatus.State;
import io.holdfast.testkit.FakeRuntime;

/** A pod that asks for what it may not have. */
@Timeout(60)
class ConfinedReconcilerTest {

    @TempDir
    Path directory;

    private final FakeRuntime runtime = new FakeRuntime();
    private Rig rig;

    @BeforeEach
    void start() {
        runtime.addImage(TestPods.IMAGE, "");
        rig = new Rig(runtime, directory);
    }

    @AfterEach
    void close() throws InterruptedException {
        rig.close();
    }

    private void want(PodSpec spec) {
        rig.want(List.of(ConfinedPods.desired(spec)), Set.of(TestPods.SOURCE));
    }

    @Test
    void aPodWithASysctlThatIsNotSafeIsNotRunAndSaysWhy() { // G5
        want(ConfinedPods.spec(new OfPod().sysctl("net.core.somaxconn", "1").made(), false, false,
                ConfinedPods.container(null, null)));
        rig.awaitReason("web", "SysctlForbidden");
        assertThat(rig.view("web").orElseThrow().status().message())
                .startsWith("forbidden sysctl: \"net.core.somaxconn\": it is none of the safe ones");
        assertThat(runtime.calls()).isEmpty();
    }

    @Test
    void aContainerThatMayNotBeRootWaitsWhileItsImageIs() { // L1
        want(ConfinedPods.spec(new OfPod().nonRoot(true).made(), false, false, ConfinedPods.container(null, null)));
        rig.awaitReason("web", "CreateContainerConfigError");
        assertThat(rig.view("web").orElseThrow().status().containerStatuses().getFirst().state())
                .isInstanceOfSatisfying(State.Waiting.class,
                        w -> assertThat(w.message()).startsWith("container has runAsNonRoot and image will run as root"));
        assertThat(runtime.calls()).doesNotContain("create default/web/app#0");

        runtime.addImage(TestPods.IMAGE, "1000");
        rig.awaitReady("web", "v1");
    }

    @Test
    void aContainerWithAUserOfItsOwnMayRun() {
        want(ConfinedPods.spec(new OfPod().nonRoot(true).made(), false, false,
                ConfinedPods.container(new OfContainer().user(7).made(), null)));
        rig.awaitReady("web", "v1");
    }
}
