package io.holdfast.reconciler;

import static io.holdfast.reconciler.TestPods.pod;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.holdfast.source.DesiredPod;
import io.holdfast.status.PodStatus;
import io.holdfast.testkit.FakeRuntime;

/** A pod that selects other nodes is shown and not run. */
@Timeout(30)
class UnfitPodTest {

    private static final String WHY = "nodeSelector asks for disk=ssd, and node n has no label disk";

    @TempDir
    Path directory;
    private final FakeRuntime runtime = new FakeRuntime();
    private Rig rig;

    @BeforeEach
    void start() {
        runtime.addImage(TestPods.IMAGE);
        rig = new Rig(runtime, directory);
    }

    @AfterEach
    void stop() throws InterruptedException {
        rig.close();
    }

    private static DesiredPod desired(String uid, @Nullable String unfit) {
        DesiredPod fit = pod("a").edition(uid).desired();
        return new DesiredPod(fit.pod(), fit.json(), fit.source(), fit.origin(), fit.seen(), null, unfit, List.of());
    }

    private void want(String uid, @Nullable String unfit) {
        rig.want(List.of(desired(uid, unfit)), Set.of(TestPods.SOURCE));
    }

    @Test
    void itIsPendingWithTheReason() throws InterruptedException {
        want("v1", WHY);
        rig.awaitReason("a", "NodeAffinity");
        PodStatus status = rig.view("a").orElseThrow().status();
        assertThat(status.phase()).isEqualTo(PodStatus.Phase.Pending);
        assertThat(status.message()).isEqualTo(WHY);
        assertThat(rig.view("a").orElseThrow().leaving()).isFalse();
        assertThat(status.conditions()).filteredOn(c -> c.type().equals("PodScheduled")).singleElement().satisfies(c -> {
            assertThat(c.status()).isFalse();
            assertThat(c.reason()).isEqualTo("Unschedulable");
            assertThat(c.message()).isEqualTo(WHY);
        });
        assertThat(runtime.pods()).isEmpty();
    }

    @Test
    void whatRunsOfItLeavesAndComesBackWhenItFitsAgain() throws InterruptedException {
        want("v1", null);
        rig.awaitReady("a", "v1");
        want("v2", WHY);
        Rig.waiting().until(() -> runtime.pods().isEmpty());
        rig.awaitReason("a", "NodeAffinity");
        want("v3", null);
        rig.awaitReady("a", "v3");
        want("v3", WHY); // the node's labels changed, not the pod
        Rig.waiting().until(() -> runtime.pods().isEmpty());
        assertThat(rig.view("a").orElseThrow().status().reason()).isEqualTo("NodeAffinity");
    }
}
