package io.holdfast.itests;

import static io.holdfast.itests.Lab.soon;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import io.holdfast.itests.Engine.Container;
import io.holdfast.itests.Engine.Sandbox;

/** What happens to pods when the agent or the engine goes away. */
class FaultsIT {

    @RegisterExtension
    final Lab lab = new Lab();

    @Test
    void anAgentThatIsStoppedEndsWithinASecondAndItsSuccessorFindsThePod() throws Exception { // R8
        lab.agent().start().manifest("web.yaml", Pods.sleeper("web"));
        String container = lab.running("web").id();
        assertThat(lab.agent().stop()).isLessThan(Duration.ofSeconds(1));
        assertThat(lab.running("web").id()).isEqualTo(container);
        lab.agent().start();
        soon(() -> assertThat(lab.status("web").at("/phase").asText()).isEqualTo("Running"));
        assertThat(lab.running("web").id()).isEqualTo(container);
        assertThat(lab.engine().containers("web-node1")).hasSize(1);
    }

    @Test
    void aPodWhoseManifestWentWhileTheAgentWasDownLeavesWithItsOwnGrace() throws Exception { // R7
        var data = lab.directory().resolve("data");
        var notes = data.resolve("notes");
        lab.agent().start().manifest("web.yaml", Pods.withVolume("web",
                "echo up >> /data/notes; trap 'sleep 1; echo end >> /data/notes; exit 0' TERM; while :; do sleep 9 & wait; done",
                data).replace("GracePeriodSeconds: 2", "GracePeriodSeconds: 20"));
        Lab.lines(notes, 1);
        lab.agent().stop();
        lab.agent().remove("web.yaml");
        lab.agent().start();
        assertThat(Lab.lines(notes, 2)).containsExactly("up", "end");
        lab.gone("web");
    }

    @Test
    void aContainerThatDiedWhileTheAgentWasDownIsStartedAgain() throws Exception { // R8, C7
        lab.agent().start().manifest("web.yaml", Pods.sleeper("web"));
        Container before = lab.running("web");
        lab.agent().kill();
        lab.engine().kill(before.id());
        lab.agent().start();
        Container after = lab.running("web");
        assertThat(after.id()).isNotEqualTo(before.id());
        assertThat(after.attempt()).isEqualTo(1);
    }

    @Test
    void theEngineAwayForTenSecondsHarmsNoPodAndChangesAreMadeUpFor() throws Exception { // R2
        lab.agent().start().manifest("stays.yaml", Pods.sleeper("stays"));
        lab.agent().manifest("goes.yaml", Pods.sleeper("goes"));
        String container = lab.running("stays").id();
        lab.running("goes");
        lab.killDaemon();
        try {
            lab.agent().manifest("new.yaml", Pods.sleeper("new"));
            lab.agent().remove("goes.yaml");
            soon(() -> assertThat(lab.agent().log()).contains("runtime " + lab.engine().runtime() + " unreachable"));
            Thread.sleep(Duration.ofSeconds(10)); // the time is the point: long enough for every back-off to grow
        } finally {
            lab.startDaemon();
        }
        lab.running("new");
        lab.gone("goes");
        assertThat(lab.running("stays").id()).isEqualTo(container);
        assertThat(lab.agent().log()).contains("runtime " + lab.engine().runtime() + " reachable again");
    }

    @Test
    void anAgentKilledInTheMiddleOfStartingTwentyPodsLeavesNoneTwiceAndNoneOut() throws Exception { // R8
        List<String> pods = lab.sleepers(20);
        Random random = new Random(20);
        for (int round = 0; round < 4; round++) { // a seed for each: other moments in the lives of the pods
            lab.agent().start();
            int sandboxes = lab.engine().sandboxes().size();
            soon(() -> assertThat(lab.engine().sandboxes().size()).isGreaterThan(Math.min(19, sandboxes)));
            Thread.sleep(random.nextInt(250));
            lab.agent().kill();
        }
        lab.agent().start();
        lab.running(pods);
        soon(() -> {
            assertThat(lab.engine().sandboxes()).extracting(Sandbox::pod).hasSize(20);
            assertThat(lab.engine().running()).extracting(Container::pod).containsExactlyInAnyOrderElementsOf(pods);
            // one that was cut short in its start is kept, dead, beside the one after it; one, and no more (G1)
            assertThat(lab.engine().containers().stream().collect(groupingBy(Container::pod, counting())))
                    .allSatisfy((_, count) -> assertThat(count).isLessThanOrEqualTo(2));
        });
    }

    @Test
    void aPodOfSomebodyElseIsNotTouched() throws Exception { // design decision 12
        String foreign = lab.engine().runForeign("foreign-node1");
        lab.agent().start().manifest("web.yaml", Pods.sleeper("web"));
        lab.running("web");
        lab.agent().remove("web.yaml");
        lab.gone("web");
        assertThat(lab.engine().sandboxes("foreign-node1")).singleElement()
                .satisfies(s -> assertThat(s.id()).isEqualTo(foreign));
        assertThat(lab.agent().cli("pod:list").out()).doesNotContain("foreign");
    }
}
