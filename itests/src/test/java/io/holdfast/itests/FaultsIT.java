package io.holdfast.itests;

import static io.holdfast.itests.Lab.soon;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import io.holdfast.runtime.cri.wire.Container;

/** What happens to pods when the agent or the engine goes away. */
class FaultsIT {

    @RegisterExtension
    final Lab lab = new Lab();

    @Test
    void anAgentThatIsStoppedEndsWithinASecondAndItsSuccessorFindsThePod() throws Exception { // R8
        lab.agent().start().manifest("web.yaml", Pods.sleeper("web"));
        String container = lab.running("web").getId();
        assertThat(lab.agent().stop()).isLessThan(Duration.ofSeconds(1));
        assertThat(lab.running("web").getId()).isEqualTo(container);
        lab.agent().start();
        soon(() -> assertThat(lab.status("web").at("/phase").asText()).isEqualTo("Running"));
        assertThat(lab.running("web").getId()).isEqualTo(container);
        assertThat(lab.cri().containers("web-node1")).hasSize(1);
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
        lab.cri().calls().stopContainer(io.holdfast.runtime.cri.wire.StopContainerRequest.newBuilder()
                .setContainerId(before.getId()).setTimeout(2).build());
        lab.agent().start();
        Container after = lab.running("web");
        assertThat(after.getId()).isNotEqualTo(before.getId());
        assertThat(after.getMetadata().getAttempt()).isEqualTo(1);
    }

    @Test
    void theEngineAwayForTenSecondsHarmsNoPodAndChangesAreMadeUpFor() throws Exception { // R2
        lab.agent().start().manifest("stays.yaml", Pods.sleeper("stays"));
        lab.agent().manifest("goes.yaml", Pods.sleeper("goes"));
        String container = lab.running("stays").getId();
        lab.running("goes");
        engine("kill-daemon");
        try {
            lab.agent().manifest("new.yaml", Pods.sleeper("new"));
            lab.agent().remove("goes.yaml");
            soon(() -> assertThat(lab.agent().log()).contains("runtime cri unreachable"));
            Thread.sleep(Duration.ofSeconds(10)); // the time is the point: long enough for every back-off to grow
        } finally {
            engine("start-daemon");
        }
        lab.running("new");
        lab.gone("goes");
        assertThat(lab.running("stays").getId()).isEqualTo(container);
        assertThat(lab.agent().log()).contains("runtime cri reachable again");
    }

    @Test
    void anAgentKilledInTheMiddleOfStartingTwentyPodsLeavesNoneTwiceAndNoneOut() throws Exception { // R8
        for (int i = 0; i < 20; i++) {
            lab.agent().manifest("p" + i + ".yaml", Pods.sleeper("p" + i));
        }
        Random random = new Random(20);
        for (int round = 0; round < 4; round++) { // a seed for each: other moments in the lives of the pods
            lab.agent().start();
            int sandboxes = lab.cri().sandboxes().size();
            soon(() -> assertThat(lab.cri().sandboxes().size()).isGreaterThan(Math.min(19, sandboxes)));
            Thread.sleep(random.nextInt(250));
            lab.agent().kill();
        }
        lab.agent().start();
        soon(() -> {
            List<String> names = lab.cri().running().stream()
                    .map(c -> c.getLabelsMap().get("io.kubernetes.pod.name")).sorted().toList();
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                expected.add("p" + i + "-" + Agent.NODE);
            }
            assertThat(names).containsExactlyInAnyOrderElementsOf(expected);
        });
        soon(() -> {
            assertThat(lab.cri().sandboxes()).hasSize(20);
            assertThat(lab.cri().containers()).hasSize(20);
        });
    }

    @Test
    void aPodOfSomebodyElseIsNotTouched() throws Exception { // design decision 12
        var config = io.holdfast.runtime.cri.wire.PodSandboxConfig.newBuilder()
                .setMetadata(io.holdfast.runtime.cri.wire.PodSandboxMetadata.newBuilder().setName("foreign-node1")
                        .setNamespace("default").setUid("foreign"))
                .putLabels("io.kubernetes.pod.name", "foreign-node1")
                .putLabels("io.kubernetes.pod.namespace", "default")
                .setLinux(io.holdfast.runtime.cri.wire.LinuxPodSandboxConfig.newBuilder().setSecurityContext(
                        io.holdfast.runtime.cri.wire.LinuxSandboxSecurityContext.newBuilder().setNamespaceOptions(
                                io.holdfast.runtime.cri.wire.NamespaceOption.newBuilder()
                                        .setNetwork(io.holdfast.runtime.cri.wire.NamespaceMode.NODE))));
        String foreign = lab.cri().calls().runPodSandbox(
                io.holdfast.runtime.cri.wire.RunPodSandboxRequest.newBuilder().setConfig(config).build())
                .getPodSandboxId();
        lab.agent().start().manifest("web.yaml", Pods.sleeper("web"));
        lab.running("web");
        lab.agent().remove("web.yaml");
        lab.gone("web");
        assertThat(lab.cri().sandboxes("foreign-node1")).singleElement()
                .satisfies(s -> assertThat(s.getId()).isEqualTo(foreign));
        assertThat(lab.agent().cli("pod:list").out()).doesNotContain("foreign");
    }

    private static void engine(String command) throws Exception {
        Process process = new ProcessBuilder(Agent.property("holdfast.engine.script"), command, Lab.ENGINE.toString())
                .inheritIO().start();
        assertThat(process.waitFor()).isZero();
    }
}
