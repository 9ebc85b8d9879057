package io.holdfast.reconciler;

import static io.holdfast.reconciler.Rig.waiting;
import static io.holdfast.reconciler.TestPods.app;
import static io.holdfast.reconciler.TestPods.command;
import static io.holdfast.reconciler.TestPods.pod;
import static io.holdfast.reconciler.TestPods.probe;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.holdfast.pod.PodSpec.RestartPolicy;
import io.holdfast.reconciler.TestPods.PodDraft;
import io.holdfast.runtime.ContainerExec.Result;
import io.holdfast.status.PodEvent;
import io.holdfast.status.PodStatus;
import io.holdfast.testkit.FakeRuntime;

/** Pods that come before and after others, on a fake engine (R10). */
@Timeout(60)
class OrderedPodsTest {

    @TempDir
    Path directory;
    private final FakeRuntime runtime = new FakeRuntime();
    private final List<Rig> rigs = new ArrayList<>();
    private Rig rig;

    @BeforeEach
    void start() {
        runtime.addImage(TestPods.IMAGE);
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

    private List<String> calls(String beginning) {
        return runtime.calls().stream().filter(c -> c.startsWith(beginning))
                .map(c -> c.replaceAll("^" + beginning + "default/|[/#].*", "")).toList();
    }

    private List<PodEvent> events(String pod, String reason) {
        return rig.view(pod).stream().flatMap(v -> v.events().stream()).filter(e -> e.reason().equals(reason)).toList();
    }

    @Test
    void aPodStartsOnceTheOneBeforeItIsReady() throws InterruptedException {
        runtime.answer("exec default/db-n/app#0 up", new Result.Exited(1, "not yet"));
        PodDraft db = pod("db-n").with(app().readiness(probe(command("up"), 1)));
        PodDraft web = pod("web-n").after("db");
        rig.want(web, db);
        rig.awaitReason("web-n", Order.WAITS);
        rig.awaitRunning("db-n/app#0 v1");
        PodStatus status = rig.view("web-n").orElseThrow().status();
        assertThat(status.phase()).isEqualTo(PodStatus.Phase.Pending);
        assertThat(status.message()).isEqualTo("waits for pod default/db-n, which is not ready");
        assertThat(events("web-n", Order.WAITS)).extracting(PodEvent::count).containsExactly(1);
        runtime.answer("exec default/db-n/app#0 up", new Result.Exited(0, ""));
        rig.awaitReady("web-n", "v1");
        assertThat(calls("runSandbox ")).containsExactly("db-n", "web-n");
        assertThat(rig.view("web-n").orElseThrow().status().reason()).isNull();
    }

    @Test
    void whatRunsIsLeftAloneWhateverBecomesOfTheOneBeforeIt() throws InterruptedException {
        rig.want(pod("db-n"), pod("web-n").after("db"));
        rig.awaitReady("web-n", "v1");
        rig.want(pod("web-n").after("db"));
        waiting().until(() -> rig.view("db-n").isEmpty());
        rig.close();
        nextAgent().want(pod("web-n").after("db"));
        rig.awaitReady("web-n", "v1");
        rig.awaitRunning("web-n/app#0 v1");
        assertThat(calls("runSandbox ")).containsExactly("db-n", "web-n");
    }

    @Test
    void onceItSucceededAPodLetsOthersStartAndAMissingOneIsNamed() {
        rig.want(pod("web-n").after("job"));
        waiting().until(() -> "waits for pod default/job-n, which no manifest wants"
                .equals(rig.view("web-n").map(v -> v.status().message()).orElse("")));
        rig.want(pod("job-n").restart(RestartPolicy.Never).with(app("/bin/sh", "-c", "exit 0")), pod("web-n").after("job"));
        rig.awaitReady("web-n", "v1");
    }

    @Test
    void aCircleIsAnErrorOfEachPodInItAndHarmsNothingThatRuns() throws InterruptedException {
        rig.want(pod("a-n"), pod("b-n").after("a"), pod("web-n"));
        rig.awaitReady("b-n", "v1");
        rig.want(pod("a-n").edition("v2").after("b"), pod("b-n").after("a"), pod("web-n"), pod("c-n").after("c"));
        rig.awaitReason("a-n", Order.CIRCLE);
        rig.awaitReason("c-n", Order.CIRCLE);
        waiting().until(() -> !events("b-n", Order.CIRCLE).isEmpty());
        assertThat(rig.view("a-n").orElseThrow().status().message()).startsWith(
                "holdfast.io/after goes round in a circle: default/a-n after default/b-n after default/a-n; none of them");
        rig.awaitReady("web-n", "v1");
        rig.awaitRunning("a-n/app#0 v1", "b-n/app#0 v1", "web-n/app#0 v1");
        assertThat(calls("stop ")).isEmpty();
        assertThat(rig.view("a-n").orElseThrow().leaving()).isFalse();
        rig.want(pod("a-n").edition("v2").after("b"), pod("b-n").edition("v2"), pod("web-n"));
        rig.awaitReady("a-n", "v2");
    }

    @Test
    void podsStopAgainstTheOrderOfTheirStart() throws InterruptedException {
        rig.want(pod("db-n"), pod("web-n").after("db"), pod("critical-n").priorityClass("system-node-critical"));
        rig.awaitReady("web-n", "v1");
        rig.awaitReady("critical-n", "v1");
        runtime.block("stop default/web-n/app#0");
        rig.want();
        waiting().until(() -> !calls("stop ").isEmpty());
        waiting().until(() -> events("db-n", Order.WAITS).stream().anyMatch(e -> e.message().equals("it stops after pod default/web-n")));
        assertThat(rig.view("db-n").orElseThrow().leaving()).isTrue();
        assertThat(calls("stop ")).containsExactly("web-n");
        runtime.heal("stop default/web-n/app#0");
        waiting().until(() -> rig.views().isEmpty());
        assertThat(calls("stop ")).containsExactly("web-n", "db-n", "critical-n");
    }

    @Test
    void alsoWhenTheManifestsWentWhileNoAgentWasThere() throws InterruptedException { // R7
        rig.want(pod("db-n"), pod("web-n").after("db"));
        rig.awaitReady("web-n", "v1");
        rig.close();
        nextAgent().want();
        waiting().until(() -> runtime.pods().isEmpty());
        assertThat(calls("stop ")).containsExactly("web-n", "db-n");
    }

    @Test
    void aPodThatIsWantedAgainHoldsNobodyBack() throws InterruptedException {
        rig.want(pod("db-n"), pod("web-n").after("db"));
        rig.awaitReady("web-n", "v1");
        runtime.block("stop default/web-n/app#0");
        rig.want();
        waiting().until(() -> !calls("stop ").isEmpty());
        rig.want(pod("web-n").after("db"));
        waiting().until(() -> calls("stop ").contains("db-n"));
        runtime.heal("stop default/web-n/app#0");
    }

    @Test
    void ofManyThatWaitTheImportantStartFirst() throws InterruptedException {
        for (int i = 0; i < 4; i++) { // as many as start at a time
            runtime.block("runSandbox default/first" + i + "-n#0");
        }
        rig.want(IntStream.range(0, 4).mapToObj(i -> pod("first" + i + "-n")).toArray(PodDraft[]::new));
        waiting().until(() -> calls("runSandbox ").size() == 4);
        List<PodDraft> all = new ArrayList<>(IntStream.range(0, 4).mapToObj(i -> pod("first" + i + "-n")).toList());
        all.addAll(List.of(pod("low-n"), pod("node-n").priorityClass("system-node-critical"), pod("high-n").priority(1000)));
        rig.want(all.toArray(PodDraft[]::new));
        waiting().until(() -> rig.views().size() == 7);
        waiting().until(() -> rig.waitingForTheirTurn() == 3);
        runtime.heal("runSandbox default/first0-n#0"); // one by one
        rig.awaitReady("low-n", "v1");
        assertThat(calls("runSandbox ")).endsWith("node-n", "high-n", "low-n");
        IntStream.range(1, 4).forEach(i -> runtime.heal("runSandbox default/first" + i + "-n#0"));
    }
}
