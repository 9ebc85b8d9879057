package io.holdfast.reconciler;

import static io.holdfast.reconciler.Rig.waiting;
import static io.holdfast.reconciler.TestPods.IMAGE;
import static io.holdfast.reconciler.TestPods.app;
import static io.holdfast.reconciler.TestPods.command;
import static io.holdfast.reconciler.TestPods.container;
import static io.holdfast.reconciler.TestPods.name;
import static io.holdfast.reconciler.TestPods.pod;
import static io.holdfast.reconciler.TestPods.probe;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.holdfast.pod.Handler;
import io.holdfast.pod.PodSpec.RestartPolicy;
import io.holdfast.pod.Probe;
import io.holdfast.reconciler.TestPods.PodDraft;
import io.holdfast.runtime.ContainerExec.Result;
import io.holdfast.status.PodEvent;
import io.holdfast.status.PodStatus;
import io.holdfast.status.PodStatus.ContainerStatus;
import io.holdfast.status.PodStatus.Phase;
import io.holdfast.testkit.FakeRuntime;

/** From its first init container to its last preStop hook, on a fake engine. */
@Timeout(60)
class LifeTest {

    private static final String APP = "default/web-n/app#0";
    private static final Result BAD = new Result.Exited(1, "bad");

    @TempDir
    Path directory;

    private final FakeRuntime runtime = new FakeRuntime();
    private final List<Rig> rigs = new ArrayList<>();
    private Rig rig;

    @BeforeEach
    void start() {
        runtime.addImage(IMAGE);
        rig = nextAgent();
    }

    private Rig nextAgent() {
        rig = new Rig(runtime, directory, Rig.QUICK);
        rigs.add(rig);
        return rig;
    }

    @AfterEach
    void stop() throws InterruptedException {
        for (Rig each : rigs) {
            each.close();
        }
    }

    // ------------------------------------------------------------------ init containers and sidecars

    @Test
    void initContainersRunOneAfterTheOther() throws InterruptedException { // C5
        PodDraft pod = pod("web-n").init(container("one", "sh", "-c", "exit 0")).init(container("two")).with(app());
        rig.want(pod);
        rig.awaitRunning("web-n/two#0 v1");
        waiting().until(() -> init(1).state() instanceof PodStatus.State.Running);
        assertThat(rig.view("web-n").orElseThrow().status().phase()).isEqualTo(Phase.Pending);
        assertThat(init(0).ready()).isTrue();
        assertThat(rig.reason("web-n")).isEqualTo("PodInitializing");
        runtime.crash(name("web-n"), "two", 0);
        rig.awaitReady("web-n", "v1");
        assertThat(runtime.calls()).filteredOn(c -> c.startsWith("start ")).containsExactly("start default/web-n/one#0",
                "start default/web-n/two#0", "start " + APP);
        int calls = runtime.calls().size();
        rig.close();
        nextAgent().want(pod); // R8
        rig.awaitReady("web-n", "v1");
        assertThat(runtime.calls()).hasSize(calls);
    }

    @Test
    void aFailedInitContainerOfNeverFailsThePod() { // C5
        rig.want(pod("web-n").restart(RestartPolicy.Never).init(container("one", "sh", "-c", "exit 3")).with(app()));
        waiting().until(() -> runtime.calls().contains("stopSandbox default/web-n#0"));
        waiting().until(() -> rig.view("web-n").orElseThrow().status().phase() == Phase.Failed);
        assertThat(runtime.calls()).noneMatch(c -> c.contains("/app#"));
    }

    @Test
    void whatFollowsASidecarWaitsUntilItIsStarted() { // C6, C8
        runtime.block("exec default/web-n/proxy#0 warm-up");
        rig.want(pod("web-n").init(container("proxy").sidecar().postStart(command("warm-up"))).with(app()));
        awaitCall("exec default/web-n/proxy#0 warm-up");
        waiting().until(() -> rig.reason("web-n").equals("PodInitializing"));
        assertThat(init(0).started()).isFalse();
        assertThat(runtime.calls()).noneMatch(c -> c.startsWith("create " + APP));
        runtime.heal("exec default/web-n/proxy#0 warm-up");
        rig.awaitReady("web-n", "v1");
        assertThat(init(0).started()).isTrue();
    }

    @Test
    void aSidecarIsRestartedOnItsOwnAndDoesNotKeepThePodFromCompleting() { // C6
        rig.want(pod("web-n").restart(RestartPolicy.Never).init(container("proxy").sidecar()).with(app()));
        rig.awaitReady("web-n", "v1");
        runtime.crash(name("web-n"), "proxy", 1);
        rig.awaitRunning("web-n/proxy#1 v1", "web-n/app#0 v1");
        runtime.crash(name("web-n"), "app", 0);
        waiting().until(() -> rig.view("web-n").orElseThrow().status().phase() == Phase.Succeeded);
        awaitCall("stopSandbox default/web-n#0");
        assertThat(runtime.calls()).contains("stop default/web-n/proxy#1 grace=30s");
    }

    // ------------------------------------------------------------------ termination

    @Test
    void sidecarsStopAfterTheMainContainersInReverseOrder() { // T2
        PodDraft pod = pod("web-n").init(container("first").sidecar()).init(container("second").sidecar()).with(app());
        rig.want(pod);
        rig.awaitReady("web-n", "v1");
        runtime.block("stop " + APP);
        rig.want();
        awaitCall("stop " + APP + " grace=30s");
        assertThat(runtime.calls()).noneMatch(c -> c.startsWith("stop default/web-n/second"));
        runtime.heal("stop " + APP);
        waiting().until(() -> rig.views().isEmpty());
        assertThat(runtime.calls()).extracting(c -> c.replaceAll(" grace=.*", "")).containsSubsequence("stop " + APP,
                "stop default/web-n/second#0", "stop default/web-n/first#0", "stopSandbox default/web-n#0");
    }

    @Test
    void preStopCountsInsideTheGracePeriod() { // T1, T2
        rig.want(pod("web-n").grace(5).with(app().preStop(new Handler.Sleep(1)))
                .with(container("slow").preStop(new Handler.Sleep(60))));
        rig.awaitReady("web-n", "v1");
        Instant begin = Instant.now();
        rig.want();
        waiting().until(() -> rig.views().isEmpty());
        assertThat(runtime.calls()).contains("stop " + APP + " grace=4s", "stop default/web-n/slow#0 grace=2s");
        assertThat(Duration.between(begin, Instant.now())).isBetween(Duration.ofSeconds(4), Duration.ofSeconds(8));
    }

    @Test
    void preStopIsKnownWithoutTheManifestAndAfterARestartOfTheAgent() throws InterruptedException { // T1, R7
        rig.want(pod("web-n").with(app().preStop(command("say", "good bye & thanks"))));
        rig.awaitReady("web-n", "v1");
        rig.close();
        nextAgent().want();
        waiting().until(() -> runtime.calls().contains("removeSandbox default/web-n#0"));
        assertThat(runtime.calls()).containsSubsequence("exec " + APP + " say good bye & thanks",
                "stop " + APP + " grace=30s");
    }

    @Test
    void aFailedPreStopIsToldAndTheContainerStops() { // T1
        runtime.answer("exec", BAD);
        rig.want(pod("web-n").with(app().preStop(command("bye"))));
        rig.awaitReady("web-n", "v1");
        runtime.block("stopSandbox");
        rig.want(pod("web-n").edition("v2"));
        awaitCall("stopSandbox default/web-n#0");
        waiting().until(() -> event("FailedPreStopHook").filter(e -> e.message().equals("PreStopHook failed: bad")).isPresent());
        runtime.heal("stopSandbox");
        rig.awaitReady("web-n", "v2");
    }

    // ------------------------------------------------------------------ postStart

    @Test
    void aContainerIsNotStartedBeforeItsPostStartHookHasEnded() { // C8
        runtime.block("exec");
        rig.want(pod("web-n").with(app().postStart(command("warm-up"))));
        awaitCall("exec " + APP + " warm-up");
        waiting().until(() -> main().state() instanceof PodStatus.State.Running);
        assertThat(main().started()).isFalse();
        assertThat(main().ready()).isFalse();
        runtime.heal("exec");
        rig.awaitReady("web-n", "v1");
        assertThat(main().started()).isTrue();
    }

    @Test
    void aPostStartHookDoesNotKeepThePodFromHearingThatItsManifestChanged() {
        runtime.block("exec");
        rig.want(pod("web-n").with(app().postStart(command("warm-up"))));
        awaitCall("exec " + APP + " warm-up");
        rig.want(pod("web-n").edition("v2"));
        rig.awaitReady("web-n", "v2");
    }

    @Test
    void aFailedPostStartHookKillsTheContainer() throws InterruptedException { // C8
        runtime.answer("exec " + APP, BAD);
        rig.want(pod("web-n").with(app().postStart(command("warm-up"))));
        rig.awaitRunning("web-n/app#1 v1");
        rig.awaitReady("web-n", "v1");
        assertThat(event("FailedPostStartHook").orElseThrow().message()).isEqualTo("PostStartHook failed: bad");
        assertThat(event("Killing").orElseThrow().message())
                .isEqualTo("Container app failed its postStart hook, will be restarted");
        assertThat(runtime.calls()).contains("stop " + APP + " grace=30s");
    }

    // ------------------------------------------------------------------ probes

    @Test
    void aFailedLivenessProbeKillsTheContainerWithTheProbesOwnGrace() throws InterruptedException { // P3, P4
        runtime.answer("exec " + APP, BAD);
        rig.want(pod("web-n").with(app().liveness(new Probe(command("alive"), null, null, null, 0, 1, 1, 1, 2, 7L))));
        rig.awaitRunning("web-n/app#1 v1");
        assertThat(runtime.calls()).contains("stop " + APP + " grace=7s");
        assertThat(runtime.calls()).filteredOn(("exec " + APP + " alive")::equals).hasSize(2);
        assertThat(event("Unhealthy").orElseThrow()).satisfies(e -> {
            assertThat(e.message()).isEqualTo("Liveness probe failed: bad");
            assertThat(e.count()).isEqualTo(2);
        });
        assertThat(event("Killing").orElseThrow().message())
                .isEqualTo("Container app failed liveness probe, will be restarted");
    }

    @Test
    void whatFailsWhileItIsStoppedIsNotUnhealthy() { // P4
        rig.want(pod("web-n").with(app().readiness(probe(command("ready"), 1))));
        rig.awaitReady("web-n", "v1");
        runtime.block("stop " + APP);
        rig.want();
        awaitCall("stop " + APP + " grace=30s");
        runtime.answer("exec", BAD);
        waiting().until(() -> !main().ready()); // its readiness is followed to the end
        assertThat(event("Unhealthy")).isEmpty();
        runtime.heal("stop " + APP);
        waiting().until(() -> rig.views().isEmpty());
    }

    @Test
    void readinessChangesConditionsOnly() { // P2, P4
        runtime.answer("exec", BAD);
        rig.want(pod("web-n").with(app().readiness(probe(command("ready"), 1))));
        waiting().until(() -> event("Unhealthy").isPresent());
        assertThat(main().started()).isTrue();
        assertThat(main().ready()).isFalse();
        runtime.answer("exec", new Result.Exited(0, ""));
        rig.awaitReady("web-n", "v1");
        runtime.answer("exec", BAD);
        waiting().until(() -> !main().ready());
        assertThat(runtime.calls()).noneMatch(c -> c.startsWith("stop"));
    }

    @Test
    void livenessAndReadinessWaitForStartup() { // P2
        runtime.answer("exec " + APP + " up", BAD);
        rig.want(pod("web-n").with(app().startup(probe(command("up"), 30)).liveness(probe(command("alive"), 1))
                .readiness(probe(command("ready"), 1))));
        waiting().until(() -> runtime.calls().stream().filter(("exec " + APP + " up")::equals).count() == 2);
        assertThat(runtime.calls()).noneMatch(c -> c.endsWith("alive") || c.endsWith("ready"));
        assertThat(main().started()).isFalse();
        runtime.answer("exec " + APP + " up", new Result.Exited(0, ""));
        rig.awaitReady("web-n", "v1");
        awaitCall("exec " + APP + " alive");
        assertThat(event("Unhealthy").orElseThrow().message()).isEqualTo("Startup probe failed: bad");
    }

    @Test
    void aFailedStartupProbeKillsTheContainer() throws InterruptedException { // P4
        runtime.answer("exec " + APP, BAD);
        rig.want(pod("web-n").with(app().startup(probe(command("up"), 1))));
        rig.awaitRunning("web-n/app#1 v1");
        assertThat(event("Killing").orElseThrow().message())
                .isEqualTo("Container app failed startup probe, will be restarted");
    }

    @Test
    void aProbeThatCannotBeCarriedOutSaysNothingAboutTheContainer() { // P3
        rig.want(pod("web-n").with(app().liveness(probe(command("alive"), 1)).readiness(probe(command("ready"), 1))));
        rig.awaitReady("web-n", "v1");
        runtime.refuse("exec", "no such program");
        waiting().until(() -> rig.view("web-n").orElseThrow().events().stream().map(PodEvent::message).toList()
                .contains("Readiness probe errored and resulted in unknown state: no such program"));
        waiting().until(() -> event("Unhealthy").filter(e -> e.count() > 1).isPresent());
        assertThat(main().ready()).isTrue();
        assertThat(runtime.calls()).noneMatch(c -> c.startsWith("stop"));
    }

    @Test
    void aPodIsAsReadyUnderANewAgentAsItWas() throws InterruptedException { // P5
        PodDraft pod = pod("web-n").with(app().startup(probe(command("up"), 30)).readiness(probe(command("ready"), 1))
                .postStart(command("warm-up")));
        rig.want(pod);
        rig.awaitReady("web-n", "v1");
        rig.close();
        runtime.block("exec");
        nextAgent().want(pod);
        waiting().until(() -> rig.view("web-n").isPresent() && main().state() instanceof PodStatus.State.Running);
        assertThat(main().ready()).as("as soon as it was seen").isTrue();
        assertThat(main().started()).isTrue();
        assertThat(runtime.calls()).filteredOn(c -> c.endsWith("warm-up")).hasSize(1);
    }

    @Test
    void aPodThatWasNotReadyIsNotUnderANewAgentEither() throws InterruptedException { // P5
        runtime.answer("exec " + APP + " ready", BAD);
        PodDraft pod = pod("web-n").with(app().startup(probe(command("up"), 30)).readiness(probe(command("ready"), 1)));
        rig.want(pod);
        waiting().until(() -> event("Unhealthy").isPresent());
        rig.close();
        runtime.block("exec");
        nextAgent().want(pod);
        waiting().until(() -> rig.view("web-n").isPresent() && main().state() instanceof PodStatus.State.Running);
        assertThat(main().started()).isTrue();
        assertThat(main().ready()).isFalse();
    }

    @Test
    void whatHadNotStartedHasNotUnderANewAgentEither() throws InterruptedException { // P2, C6
        runtime.block("exec");
        PodDraft pod = pod("web-n").with(app().startup(probe(command("up"), 30)));
        rig.want(pod);
        awaitCall("exec " + APP + " up");
        rig.close();
        nextAgent().want(pod);
        waiting().until(() -> rig.view("web-n").isPresent() && main().state() instanceof PodStatus.State.Running);
        assertThat(main().started()).isFalse();
        runtime.heal("exec");
        rig.awaitReady("web-n", "v1");
    }

    @Test
    void readinessGoesOnDuringPreStop() { // P4
        runtime.block("exec " + APP + " bye");
        rig.want(pod("web-n").with(app().readiness(probe(command("ready"), 1)).liveness(probe(command("alive"), 1))
                .preStop(command("bye"))));
        rig.awaitReady("web-n", "v1");
        rig.want();
        awaitCall("exec " + APP + " bye");
        int alive = alive();
        runtime.answer("exec " + APP + " ready", BAD);
        waiting().until(() -> !main().ready());
        assertThat(rig.view("web-n").orElseThrow().leaving()).isTrue();
        assertThat(alive()).isLessThanOrEqualTo(alive + 1); // one may have been on its way
        runtime.heal("exec " + APP + " bye");
        waiting().until(() -> rig.views().isEmpty());
    }

    private int alive() {
        return (int) runtime.calls().stream().filter(c -> c.endsWith("alive")).count();
    }

    @Test
    void probesEndWithTheirContainer() {
        rig.want(pod("web-n").restart(RestartPolicy.Never).with(app().liveness(probe(command("alive"), 1)))
                .with(container("side").liveness(probe(command("alive"), 1))));
        awaitCall("exec " + APP + " alive");
        runtime.crash(name("web-n"), "app", 0);
        waiting().until(() -> main().state() instanceof PodStatus.State.Terminated);
        int calls = (int) runtime.calls().stream().filter(c -> c.startsWith("exec " + APP)).count();
        int sides = side();
        waiting().until(() -> side() >= sides + 2);
        assertThat(runtime.calls()).filteredOn(c -> c.startsWith("exec " + APP)).hasSizeLessThanOrEqualTo(calls + 1);
    }

    private int side() {
        return (int) runtime.calls().stream().filter(c -> c.startsWith("exec default/web-n/side#0")).count();
    }

    // ------------------------------------------------------------------ deadline

    @Test
    void aPodThatIsActiveForTooLongFails() throws InterruptedException { // T3
        PodDraft pod = pod("web-n").seen(Instant.now()).deadline(2);
        rig.want(pod);
        rig.awaitReady("web-n", "v1");
        awaitCall("stopSandbox default/web-n#0");
        waiting().until(() -> "DeadlineExceeded".equals(rig.view("web-n").orElseThrow().status().reason()));
        assertThat(rig.view("web-n").orElseThrow().status().phase()).isEqualTo(Phase.Failed);
        assertThat(event("DeadlineExceeded")).isPresent();
        int calls = runtime.calls().size();
        rig.close();
        nextAgent().want(pod);
        waiting().until(() -> "DeadlineExceeded".equals(rig.view("web-n").map(v -> v.status().reason()).orElse("")));
        assertThat(runtime.calls()).hasSize(calls);
    }

    // ------------------------------------------------------------------ readiness gates

    @Test
    void aPodIsReadyOnceItsGatesAreOpenAlsoUnderANewAgent() throws Exception { // L1
        PodDraft pod = pod("web-n").gate("example.com/ok");
        rig.want(pod);
        waiting().until(() -> "ReadinessGatesNotReady".equals(ready().reason()));
        rig.gates().set(name("web-n"), "example.com/ok", true, "Warm", "all is\nin memory");
        rig.awaitReady("web-n", "v1");
        rig.close();
        nextAgent().want(pod);
        rig.awaitReady("web-n", "v1");
        PodStatus.Condition said = condition("example.com/ok").orElseThrow();
        assertThat(said.status()).isTrue();
        assertThat(said.reason()).isEqualTo("Warm");
        assertThat(said.message()).isEqualTo("all is in memory");
        assertThatThrownBy(() -> rig.gates().set(name("web-n"), "example.com/ok", true, "no word", ""))
                .isInstanceOf(IllegalArgumentException.class).hasMessageStartingWith("reason 'no word': expected one word");
        rig.gates().set(name("web-n"), "example.com/ok", false, "", "");
        waiting().until(() -> !ready().status());
        assertThatThrownBy(() -> rig.gates().set(name("web-n"), "example.com/no", true, "", ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("pod default/web-n has no readiness gate 'example.com/no'; did you mean 'example.com/ok'?");
        assertThatThrownBy(() -> rig.gates().set(name("other-n"), "example.com/ok", true, "", ""))
                .isInstanceOf(IllegalArgumentException.class).hasMessage("no manifest wants pod default/other-n");
        rig.want();
        waiting().until(() -> rig.views().isEmpty());
        rig.want(pod);
        waiting().until(() -> "ReadinessGatesNotReady".equals(ready().reason()));
    }

    private PodStatus.Condition ready() {
        return condition("Ready").orElse(new PodStatus.Condition("Ready", true, null, null, Instant.EPOCH));
    }

    private Optional<PodStatus.Condition> condition(String type) {
        return rig.view("web-n").stream().flatMap(v -> v.status().conditions().stream()).filter(c -> c.type().equals(type))
                .findFirst();
    }

    // ------------------------------------------------------------------ words

    private void awaitCall(String line) {
        waiting().until(() -> runtime.calls().contains(line));
    }

    private ContainerStatus main() {
        return rig.view("web-n").orElseThrow().status().containerStatuses().getFirst();
    }

    private ContainerStatus init(int place) {
        return rig.view("web-n").orElseThrow().status().initContainerStatuses().get(place);
    }

    /** The last of that reason. */
    private Optional<PodEvent> event(String reason) {
        return rig.view("web-n").stream().flatMap(v -> v.events().stream()).filter(e -> e.reason().equals(reason))
                .reduce((_, last) -> last);
    }
}
