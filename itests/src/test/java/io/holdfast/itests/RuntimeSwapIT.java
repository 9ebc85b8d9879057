package io.holdfast.itests;

import static io.holdfast.itests.Lab.soon;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The bundle that speaks to the engine goes and comes back, by commands in the shell, while twenty pods run. */
class RuntimeSwapIT {

    private static final int PODS = 20;

    @RegisterExtension
    final Lab lab = new Lab();

    @Test
    void stopUpdateAndStartOfTheRuntimeRestartNothing() throws Exception { // design decision 7
        List<String> pods = lab.sleepers(PODS);
        lab.agent().start();
        Map<String, String> before = lab.running(pods);
        String bundle = Parts.id(lab.agent(), lab.engine().bundle());
        for (String command : List.of("stop", "update", "start", "update")) {
            assertThat(lab.agent().cli(command, bundle).exitCode()).as(command).isZero();
            assertThat(lab.running(pods)).as("after " + command).isEqualTo(before);
        }
        soon(() -> assertThat(shown()).as("the agent sees all of them").contains(PODS + " ready"));
        lab.agent().manifest("more.yaml", Pods.sleeper("more")); // and makes pods as before
        lab.running("more");
        assertThat(lab.engine().containers()).hasSize(PODS + 1).allSatisfy(c -> assertThat(c.attempt()).isZero());
    }

    @Test
    void aContainerThatDiedMeanwhileIsStartedAgainAndNoOther() throws Exception { // R8, design decision 4
        List<String> pods = lab.sleepers(PODS);
        lab.agent().start();
        Map<String, String> before = lab.running(pods);
        String bundle = Parts.id(lab.agent(), lab.engine().bundle());
        var _ = lab.agent().cli("stop", bundle);
        String dead = pods.get(7);
        lab.engine().kill(lab.engine().running(dead).getFirst().id());
        soon(() -> assertThat(lab.engine().running()).hasSize(PODS - 1));
        var _ = lab.agent().cli("update", bundle);
        var _ = lab.agent().cli("start", bundle);
        Map<String, String> after = lab.running(pods);
        assertThat(after.entrySet()).containsAll(before.entrySet().stream().filter(p -> !p.getKey().equals(dead)).toList());
        assertThat(lab.engine().running(dead)).singleElement().satisfies(c -> assertThat(c.attempt()).isEqualTo(1));
    }

    private String shown() throws Exception {
        return lab.agent().cli("pod:list").out().lines().filter(l -> l.contains(" 1/1 ")).count() + " ready";
    }
}
