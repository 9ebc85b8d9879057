package io.holdfast.itests;

import static io.holdfast.itests.Lab.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import io.holdfast.itests.Engine.Container;
import io.holdfast.itests.Engine.Sandbox;

/** The engine's daemon goes away under running pods, and is there again. */
class EngineRestartIT {

    private static final int PODS = 5;
    private static final Duration RECOVERED = Duration.ofSeconds(2);

    @RegisterExtension
    final Lab lab = new Lab();

    @Test
    void aRestartOfTheEngineRestartsNoContainer() throws Exception { // R2
        List<String> pods = lab.sleepers(PODS);
        lab.agent().start();
        Map<String, String> before = lab.running(pods);
        lab.restartDaemon();
        await().atMost(RECOVERED).until(() -> lab.engine().running().size() == PODS);
        lab.agent().manifest("more.yaml", Pods.sleeper("more")); // when this runs, the agent has looked at the others
        lab.running("more");
        List<String> all = new ArrayList<>(pods);
        all.add("more-" + Agent.NODE);
        assertThat(lab.running(all)).containsAllEntriesOf(before);
    }

    @Test
    void whatDiedWhileTheEngineWasAwayRunsWithinTwoSecondsOfItsReturn() throws Exception { // R2, R8
        Path data = lab.directory().resolve("data");
        lab.agent().manifest("dies.yaml", Pods.withVolume("dies",
                "echo up >> /data/dies; trap 'exit 0' TERM; while :; do sleep 3600 & wait; done", data));
        List<String> pods = lab.sleepers(PODS);
        lab.agent().start();
        String dead = lab.running("dies").id();
        pods.add("dies-" + Agent.NODE);
        Map<String, String> before = lab.running(pods);
        lab.killDaemon();
        Pods.process("dies").destroyForcibly();
        lab.startDaemon();
        await().atMost(RECOVERED).pollInterval(Duration.ofMillis(20)).until(() -> lab.engine().running("dies-" + Agent.NODE),
                c -> c.size() == 1 && !c.getFirst().id().equals(dead));
        before.remove("dies-" + Agent.NODE);
        assertThat(lab.running(pods)).containsAllEntriesOf(before);
    }

    /** Docker's default: containers end with the daemon. With CRI there is no such thing. */
    @Test
    @Tag("docker")
    void podsThatEndWithTheEngineRunAgainWithinTwoSecondsOfItsReturn() throws Exception { // R2, C1
        lab.liveRestore("off");
        try {
            List<String> pods = lab.sleepers(3);
            lab.agent().start();
            Map<String, String> before = lab.running(pods);
            lab.restartDaemon();
            await().atMost(RECOVERED).pollInterval(Duration.ofMillis(20)).until(() -> lab.engine().running().size() == 3);
            assertThat(lab.running(pods).values()).doesNotContainAnyElementsOf(before.values());
        } finally {
            lab.liveRestore("on");
        }
    }

    @Test
    void killedWhilePodsAreMadeItLeavesNoneTwiceAndNoneOut() throws Exception { // R8
        List<String> pods = lab.sleepers(20);
        lab.agent().start();
        Random random = new Random(4);
        for (int round = 1; round <= 3; round++) {
            int some = round * 4;
            soon(() -> assertThat(lab.engine().sandboxes().size()).isGreaterThan(some));
            Thread.sleep(random.nextInt(150)); // another moment in the lives of the pods each time
            lab.killDaemon();
            lab.startDaemon();
        }
        lab.running(pods);
        for (String pod : pods) {
            lab.agent().remove(pod.replace("-" + Agent.NODE, ".yaml"));
        }
        soon(() -> {
            assertThat(lab.engine().sandboxes()).extracting(Sandbox::pod).isEmpty();
            assertThat(lab.engine().containers()).extracting(Container::pod).isEmpty();
        });
    }
}
