package io.holdfast.reconciler;

import static io.holdfast.pod.Container.ImagePullPolicy.Always;
import static io.holdfast.pod.Container.ImagePullPolicy.IfNotPresent;
import static io.holdfast.reconciler.Rig.waiting;
import static io.holdfast.reconciler.TestPods.IMAGE;
import static io.holdfast.reconciler.TestPods.app;
import static io.holdfast.reconciler.TestPods.container;
import static io.holdfast.reconciler.TestPods.name;
import static io.holdfast.reconciler.TestPods.pod;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.holdfast.pod.PodSpec.RestartPolicy;
import io.holdfast.pod.Volume.HostPath;
import io.holdfast.reconciler.TestPods.PodDraft;
import io.holdfast.runtime.ContainerRuntime;
import io.holdfast.runtime.Names;
import io.holdfast.runtime.ObservedPod.State;
import io.holdfast.status.PodEvent;
import io.holdfast.status.PodStatus;
import io.holdfast.status.PodView;
import io.holdfast.testkit.FakeRuntime;

@Timeout(60)
class ReconcilerTest {

    private static final Duration NEVER = Duration.ofHours(1);

    @TempDir
    Path directory;

    private final FakeRuntime runtime = new FakeRuntime();
    private final List<Rig> rigs = new ArrayList<>();
    private Rig rig;

    @BeforeEach
    void start() {
        runtime.addImage(IMAGE);
        rig = agent(Rig.QUICK);
    }

    private Rig agent(Settings settings) {
        rig = new Rig(runtime, directory, settings);
        rigs.add(rig);
        return rig;
    }

    /** The old one is gone, a new one comes up: pods are known by what the engine shows only. */
    private Rig nextAgent(Settings settings) throws InterruptedException {
        rig.close();
        return agent(settings);
    }

    @AfterEach
    void stop() throws InterruptedException {
        for (Rig each : rigs) {
            each.close();
        }
    }

    // ------------------------------------------------------------------ up, crashed, edited, removed

    @Test
    void aPodComesUp() {
        rig.want(pod("web-n").emptyDir("data", "", null).with(app().mount("data", "/data")));
        rig.awaitReady("web-n", "v1");
        assertThat(runtime.calls()).containsExactly("runSandbox default/web-n#0", "create default/web-n/app#0",
                "start default/web-n/app#0");
        PodView view = rig.view("web-n").orElseThrow();
        assertThat(view.runtime()).isEqualTo("fake");
        assertThat(view.status().containerStatuses().getFirst().containerID()).startsWith("fake://c");
        assertThat(view.events()).extracting(PodEvent::reason).containsExactly("Scheduled", "Pulled", "Created", "Started");
        assertThat(files().root().resolve("volumes/kubernetes.io~empty-dir/data")).isDirectory();
        assertThat(files().hosts()).content().contains("10.88.0.2\tweb-n");
        assertThat(files().logLinks()).isDirectoryContaining(link -> link.getFileName().toString().startsWith("web-n_default_app-c"));
    }

    @Test
    void aCrashedContainerComesBackAtOnceAndAfterTheNextCrashItWaits() throws InterruptedException { // C4
        rig.want(pod("web-n"));
        rig.awaitRunning("web-n/app#0 v1");
        runtime.crash(name("web-n"), "app", 1);
        rig.awaitRunning("web-n/app#1 v1");
        assertThat(wait(1)).isLessThan(Duration.ofMillis(500));
        runtime.crash(name("web-n"), "app", 1);
        rig.awaitReason("web-n", "CrashLoopBackOff");
        assertThat(rig.running()).isEmpty();
        rig.awaitRunning("web-n/app#2 v1");
        assertThat(wait(2)).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(3));
        rig.awaitReady("web-n", "v1");
        assertThat(rig.view("web-n").orElseThrow().events()).extracting(PodEvent::reason).contains("BackOff");
    }

    /** From the end of the attempt before to the start of this one. */
    private Duration wait(int attempt) throws InterruptedException {
        var containers = runtime.pod(name("web-n")).orElseThrow().sandboxes().getFirst().containers();
        var now = containers.stream().filter(c -> c.attempt() == attempt).findFirst().orElseThrow();
        var before = containers.stream().filter(c -> c.attempt() == attempt - 1).findFirst().orElseThrow();
        return Duration.between(((State.Exited) before.state()).finishedAt(), ((State.Running) now.state()).startedAt());
    }

    @Test
    void aCrashLoopGoesOnWaitingUnderANewAgent() throws InterruptedException { // C4
        rig.want(pod("web-n"));
        rig.awaitRunning("web-n/app#0 v1");
        runtime.crash(name("web-n"), "app", 1);
        rig.awaitRunning("web-n/app#1 v1");
        runtime.crash(name("web-n"), "app", 1);
        nextAgent(Rig.QUICK).want(pod("web-n"));
        rig.awaitReason("web-n", "CrashLoopBackOff");
        rig.awaitRunning("web-n/app#2 v1");
        assertThat(wait(2)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void aSandboxThatDiesIsMadeAnew() { // C1
        rig.want(pod("web-n"));
        rig.awaitRunning("web-n/app#0 v1");
        runtime.killSandbox(name("web-n"));
        rig.awaitRunning("web-n/app#1 v1");
        assertThat(runtime.calls()).contains("runSandbox default/web-n#1");
    }

    @Test
    void anEditedPodStopsWithItsOwnGraceBeforeTheNewOneComes() { // S7, R6
        rig.want(pod("web-n").grace(7));
        rig.awaitRunning("web-n/app#0 v1");
        rig.want(pod("web-n").edition("v2").grace(99));
        rig.awaitReady("web-n", "v2");
        waiting().until(() -> runtime.calls().size() == 9);
        assertThat(runtime.calls().subList(3, 9)).containsExactly("stop default/web-n/app#0 grace=7s",
                "stopSandbox default/web-n#0", "runSandbox default/web-n#0", "create default/web-n/app#0",
                "start default/web-n/app#0", "removeSandbox default/web-n#0");
        assertThat(files().root()).doesNotExist();
    }

    @Test
    void anEditOfAPodThatSetsItsOwnUidIsAnEditToo() { // S3, I5
        rig.want(pod("web-n").edition("own").annotation(Names.CONFIG_HASH, "h1"));
        rig.awaitRunning("web-n/app#0 own");
        rig.want(pod("web-n").edition("own").annotation(Names.CONFIG_HASH, "h2"));
        waiting().until(() -> runtime.calls().stream().filter(c -> c.startsWith("start ")).count() == 2);
        assertThat(runtime.calls().subList(3, 8)).containsExactly("stop default/web-n/app#0 grace=30s",
                "stopSandbox default/web-n#0", "removeSandbox default/web-n#0", "runSandbox default/web-n#0",
                "create default/web-n/app#0");
    }

    @Test
    void ofManyEditsDuringTerminationOnlyTheNewestStarts() { // R5
        rig.want(pod("web-n"));
        rig.awaitRunning("web-n/app#0 v1");
        runtime.block("stop ");
        rig.want(pod("web-n").edition("v2"));
        awaitCall("stop default/web-n/app#0 grace=30s");
        rig.want(pod("web-n").edition("v3"));
        rig.want(pod("web-n").edition("v4"), pod("marker-n"));
        rig.awaitReady("marker-n", "v1"); // what came with it has been taken up too
        runtime.heal("stop ");
        rig.awaitRunning("marker-n/app#0 v1", "web-n/app#0 v4");
        assertThat(runtime.calls()).filteredOn(c -> c.startsWith("runSandbox default/web-n")).hasSize(2);
    }

    @Test
    void aRemovedPodStopsWithItsGraceAndLeavesNothing() throws Exception { // R6
        rig.want(pod("web-n").grace(1).emptyDir("data", "", null).with(app()).with(container("side")));
        rig.awaitReady("web-n", "v1");
        rig.want();
        waiting().until(() -> rig.views().isEmpty());
        assertThat(runtime.calls()).contains("stop default/web-n/app#0 grace=2s", "stop default/web-n/side#0 grace=2s"); // T2
        assertThat(runtime.pods()).isEmpty();
        assertNoFiles();
    }

    @Test
    void aContainerThatStartsWhileItsPodIsRemovedHasItsGraceToo() { // R6
        runtime.block("start ");
        rig.want(pod("web-n"));
        awaitCall("start default/web-n/app#0");
        rig.want(pod("marker-n"));
        awaitCall("start default/marker-n/app#0"); // the removal that came with it has been taken up too
        runtime.heal("start ");
        waiting().until(() -> rig.view("web-n").isEmpty());
        assertThat(runtime.calls()).containsSubsequence("start default/web-n/app#0",
                "stop default/web-n/app#0 grace=30s", "stopSandbox default/web-n#0");
    }

    @Test
    void aPodThatIsBackWhileItLeavesComesBackAsNew() throws InterruptedException { // R5
        for (RestartPolicy policy : RestartPolicy.values()) {
            PodDraft pod = pod("web-n").edition(policy.name()).restart(policy);
            rig.want(pod);
            rig.awaitRunning("web-n/app#0 " + policy);
            runtime.block("stop ");
            rig.want();
            waiting().until(() -> rig.view("web-n").orElseThrow().leaving());
            awaitLastCall("stop default/web-n/app#0 grace=30s");
            rig.want(pod);
            runtime.heal("stop ");
            rig.awaitReady("web-n", policy.name());
            assertThat(rig.running()).containsExactly("web-n/app#0 " + policy);
            assertThat(runtime.pod(name("web-n")).orElseThrow().sandboxes()).hasSize(1);
        }
    }

    @Test
    void anEditTakenBackWhileTheOldOneLeavesBringsItBackAsNew() { // R5
        PodDraft pod = pod("web-n").restart(RestartPolicy.Never);
        rig.want(pod);
        rig.awaitRunning("web-n/app#0 v1");
        runtime.block("stop ");
        rig.want(pod("web-n").edition("v2"));
        awaitLastCall("stop default/web-n/app#0 grace=30s");
        rig.want(pod);
        runtime.heal("stop ");
        rig.awaitReady("web-n", "v1");
        rig.awaitRunning("web-n/app#0 v1");
    }

    @Test
    void aPodThatNeverGotASandboxLeavesNothingEither() throws IOException {
        runtime.refuse("runSandbox", "no network");
        rig.want(pod("web-n").emptyDir("data", "", null));
        rig.awaitReason("web-n", "FailedCreatePodSandBox");
        rig.want(pod("web-n").edition("v2").emptyDir("data", "", null));
        waiting().until(() -> Files.isDirectory(files("v2").root()) && !Files.exists(files("v1").root()));
        rig.want();
        waiting().until(() -> rig.views().isEmpty());
        assertNoFiles();
    }

    @Test
    void aCompletedPodIsLeftAloneAndItsSandboxStopped() throws InterruptedException { // C3
        rig.want(pod("job-n").restart(RestartPolicy.OnFailure).with(app("/bin/sh", "-c", "exit 0")));
        waiting().until(() -> rig.view("job-n").filter(v -> v.status().phase() == PodStatus.Phase.Succeeded).isPresent());
        awaitLastCall("stopSandbox default/job-n#0");
        nextAgent(Rig.QUICK).want(pod("job-n").restart(RestartPolicy.OnFailure).with(app("/bin/sh", "-c", "exit 0")),
                pod("web-n"));
        rig.awaitReady("web-n", "v1");
        waiting().until(() -> rig.view("job-n").filter(v -> v.status().phase() == PodStatus.Phase.Succeeded).isPresent());
        assertThat(rig.running()).containsExactly("web-n/app#0 v1");
    }

    // ------------------------------------------------------------------ agents come and go

    @Test
    void aNewAgentFindsWhatRunsAndTouchesNothing() throws InterruptedException { // R8
        rig.want(pod("a-n"), pod("b-n"));
        rig.awaitRunning("a-n/app#0 v1", "b-n/app#0 v1");
        int calls = runtime.calls().size();
        nextAgent(Rig.QUICK).want(pod("a-n"), pod("b-n"));
        rig.awaitReady("a-n", "v1");
        rig.awaitReady("b-n", "v1");
        assertThat(runtime.calls()).hasSize(calls);
    }

    @Test
    void thePodOfASilentSourceIsLeftAloneAndLeavesOnceTheSourceHasSpoken() throws Exception { // S6, R7
        rig.want(pod("web-n").grace(12));
        rig.awaitReady("web-n", "v1");
        nextAgent(Rig.QUICK).want(List.of(pod("other-n").edition("o1").desired()), Set.of("http~other"));
        rig.awaitReady("other-n", "o1");
        waiting().until(() -> rig.view("web-n").isPresent());
        assertThat(rig.view("web-n").orElseThrow().leaving()).isFalse();
        assertThat(rig.running()).hasSize(2);
        rig.want(List.of(), Set.of(TestPods.SOURCE));
        waiting().until(() -> rig.views().isEmpty());
        assertThat(runtime.calls()).contains("stop default/web-n/app#0 grace=12s");
        assertThat(runtime.pods()).isEmpty();
        assertNoFiles();
    }

    // ------------------------------------------------------------------ engines come and go

    @Test
    void anEngineThatIsAwayTakesNoPodWithItAndWhatChangedIsDoneOnItsReturn() throws InterruptedException { // R2
        rig.want(pod("a-n"), pod("b-n"), pod("c-n"));
        rig.awaitRunning("a-n/app#0 v1", "b-n/app#0 v1", "c-n/app#0 v1");
        rig.awaitReady("c-n", "v1");
        runtime.disconnect();
        rig.want(pod("a-n"), pod("b-n").edition("v2"), pod("d-n"));
        waiting().until(() -> rig.view("d-n").isPresent() || runtime.looks() > 0);
        assertThat(Rig.isReady(rig.view("a-n").orElseThrow())).isTrue();
        assertThat(runtime.calls()).noneMatch(c -> c.contains("default/a-n") && c.startsWith("stop"));
        runtime.connect();
        Rig.waiting().atMost(Duration.ofMillis(1500)).until(
                () -> rig.running().equals(List.of("a-n/app#0 v1", "b-n/app#0 v2", "d-n/app#0 v1")));
    }

    @Test
    void aRuntimeServiceThatComesBackAsAnotherInstanceRestartsNothing() throws InterruptedException { // design decision 7
        rig.want(pod("a-n"), pod("b-n"));
        rig.awaitReady("a-n", "v1");
        rig.awaitReady("b-n", "v1");
        PodView before = rig.view("a-n").orElseThrow();
        rig.unbind(runtime);
        rig.want(pod("a-n"), pod("b-n").edition("v2"), pod("c-n"));
        waiting().until(() -> rig.view("c-n").isPresent());
        assertThat(rig.view("a-n")).as("is shown as it was").contains(before);
        ContainerRuntime another = Rig.anotherInstance(runtime);
        rig.bind(another);
        rig.awaitRunning("a-n/app#0 v1", "b-n/app#0 v2", "c-n/app#0 v1");
        rig.bind(runtime); // a third, registered before the second is gone
        rig.unbind(another);
        rig.want(pod("a-n"), pod("b-n").edition("v3"));
        rig.awaitRunning("a-n/app#0 v1", "b-n/app#0 v3");
        assertThat(rig.view("a-n")).contains(before);
        assertThat(runtime.calls()).noneMatch(c -> c.startsWith("stop default/a-n"));
    }

    @Test
    void aCrashWhoseHintWasLostIsFoundByTheRelist() { // L3
        rig.want(pod("web-n"));
        rig.awaitRunning("web-n/app#0 v1");
        runtime.loseHints();
        runtime.crash(name("web-n"), "app", 1);
        rig.awaitRunning("web-n/app#1 v1");
    }

    @Test
    void aHintWakesWithoutAnyRelist() throws InterruptedException { // L3
        nextAgent(Rig.settings(NEVER)).want(pod("web-n"));
        rig.awaitReady("web-n", "v1");
        runtime.crash(name("web-n"), "app", 1);
        rig.awaitRunning("web-n/app#1 v1");
    }

    @Test
    void aCreateWhoseAnswerWasLostIsNotRepeated() throws InterruptedException { // R8, design decision 4
        for (String lost : List.of("runSandbox", "create", "start")) {
            runtime.loseAnswer(lost + " default/" + lost);
            rig.want(pod(lost));
            rig.awaitRunning(lost + "/app#0 v1");
            rig.awaitReady(lost, "v1");
            assertThat(runtime.calls()).filteredOn(c -> c.contains("default/" + lost)).hasSize(3);
            rig.want();
            waiting().until(() -> runtime.pods().isEmpty());
        }
    }

    @Test
    void aRefusedStopIsRepeatedUntilItSucceeds() {
        rig.want(pod("web-n"));
        rig.awaitReady("web-n", "v1");
        runtime.refuse("stop ", "not now");
        rig.want();
        waiting().until(() -> rig.view("web-n").orElseThrow().events().stream().anyMatch(e -> e.message().equals("not now")));
        runtime.heal("stop ");
        waiting().until(() -> rig.views().isEmpty());
    }

    @Test
    void aUidThatAnotherPodStillHasIsWaitedFor() { // S7
        runtime.block("stop ");
        rig.want(pod("web-n").annotation(Names.CONFIG_HASH, "web"));
        rig.awaitReady("web-n", "v1");
        rig.want(pod("api-n").annotation(Names.CONFIG_HASH, "api"));
        rig.awaitReason("api-n", "UidInUse");
        assertThat(rig.view("api-n").orElseThrow().status().message())
                .isEqualTo("metadata.uid v1 is still that of pod default/web-n, which has not gone yet");
        runtime.heal("stop ");
        rig.awaitReady("api-n", "v1");
        rig.awaitRunning("api-n/app#0 v1");
        assertThat(directory.resolve("var/pods/v1/etc-hosts")).exists();
    }

    @Test
    void otherUsersOfTheNodeSeeNothingOfPods() throws IOException {
        rig.want(pod("web-n"));
        rig.awaitReady("web-n", "v1");
        assertThat(Modes.get(directory.resolve("var/pods"))).isEqualTo(0750);
    }

    @Test
    void aFaultCostsNoPodItsWorker() {
        rig.want(pod("web-n").with(app().field("F", "no.such.field")), pod("other-n"));
        waiting().until(() -> rig.view("web-n").filter(v -> !v.events().isEmpty()).isPresent());
        rig.awaitReady("other-n", "v1");
        rig.want(pod("web-n").edition("v2"), pod("other-n"));
        rig.awaitReady("web-n", "v2");
    }

    // ------------------------------------------------------------------ images, volumes, ports

    @Test
    void anImageThatIsMissingIsTriedAgainAndAgain() { // C9
        runtime.refuse("pull", "no such host");
        Backoff slow = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofMinutes(10));
        rig = agent(new Settings(Rig.QUICK.backoff(), slow, Rig.QUICK.retry(), Duration.ZERO, Rig.QUICK.relist(), 4, 3));
        rig.want(pod("web-n").with(app().image("a:1", Always)));
        rig.awaitReason("web-n", "ErrImagePull");
        rig.awaitReason("web-n", "ImagePullBackOff");
        assertThat(rig.view("web-n").orElseThrow().status().phase()).isEqualTo(PodStatus.Phase.Pending);
        runtime.heal("pull");
        rig.awaitReady("web-n", "v1");
    }

    @Test
    void anEditWhileAnImageIsOnItsWayTakesTheNewImage() throws InterruptedException {
        runtime.block("pull");
        rig.want(pod("web-n").with(app().image("old:1", IfNotPresent)));
        rig.awaitReason("web-n", "ContainerCreating");
        awaitCall("pull old:1");
        rig.want(pod("web-n").edition("v2").with(app().image("new:1", IfNotPresent)));
        awaitCall("pull new:1");
        runtime.heal("pull");
        rig.awaitReady("web-n", "v2");
        var container = runtime.pod(name("web-n")).orElseThrow().sandboxes().getFirst().containers().getFirst();
        assertThat(container.imageId()).isEqualTo("image-of-new:1");
    }

    @Test
    void aContainerThatCannotBeStartedSaysWhy() {
        rig.want(pod("web-n").with(app("/no/such/program")));
        rig.awaitReason("web-n", "RunContainerError");
        rig.want(pod("web-n").edition("v2"));
        rig.awaitReady("web-n", "v2");
    }

    @Test
    void aHostPathOfTheWrongTypeKeepsThePodPendingUntilItIsRight() throws IOException { // G3
        Path path = directory.resolve("wanted");
        rig.want(pod("web-n").hostPath("v", path, HostPath.Type.Directory));
        rig.awaitReason("web-n", "FailedMount");
        assertThat(rig.view("web-n").orElseThrow().status().phase()).isEqualTo(PodStatus.Phase.Pending);
        assertThat(runtime.calls()).isEmpty();
        Files.createDirectory(path);
        rig.awaitReady("web-n", "v1");
    }

    @Test
    void aPodWhoseHostPortIsTakenStartsWhenTheOtherLeaves() { // R9
        rig.want(port80("a-n"));
        rig.awaitReady("a-n", "v1");
        rig.want(port80("a-n"), port80("b-n"));
        rig.awaitReason("b-n", "HostPortConflict");
        assertThat(rig.view("b-n").orElseThrow().status().message()).isEqualTo("host port 80/TCP is taken by pod default/a-n");
        rig.want(port80("b-n"));
        rig.awaitRunning("b-n/app#0 v1");
    }

    @Test
    void aPodThatEndedGivesItsHostPortBack() { // R9
        rig.want(port80("a-n").restart(RestartPolicy.Never));
        rig.awaitReady("a-n", "v1");
        rig.want(port80("a-n").restart(RestartPolicy.Never), port80("b-n"));
        rig.awaitReason("b-n", "HostPortConflict");
        runtime.crash(name("a-n"), "app", 0);
        rig.awaitRunning("b-n/app#0 v1");
        List<String> calls = runtime.calls();
        assertThat(calls.indexOf("stopSandbox default/a-n#0")).isLessThan(calls.indexOf("runSandbox default/b-n#0"));
    }

    @Test
    void underANewAgentWhoRunsKeepsItsHostPort() throws InterruptedException { // R8, R9
        rig.want(port80("z-n"));
        rig.awaitReady("z-n", "v1");
        nextAgent(Rig.QUICK).want(port80("a-n"), port80("z-n"));
        rig.awaitReason("a-n", "HostPortConflict");
        rig.awaitReady("z-n", "v1");
        assertThat(rig.running()).containsExactly("z-n/app#0 v1");
    }

    private static PodDraft port80(String name) {
        return pod(name).with(app().hostPort(80));
    }

    // ------------------------------------------------------------------ many

    @Test
    void threeHundredPodsAtOnce() throws InterruptedException {
        rig.want(IntStream.range(0, 300).mapToObj(i -> pod("p" + i)).toArray(PodDraft[]::new));
        waiting().until(() -> rig.views().stream().filter(Rig::isReady).count() == 300);
        assertThat(rig.running()).hasSize(300);
        assertThat(runtime.calls()).hasSize(900);
    }

    @Test
    void oneChangedAmongAThousandWakesOneWorker() throws InterruptedException { // design decision 8
        nextAgent(Rig.settings(NEVER));
        PodDraft[] pods = IntStream.range(0, 1000).mapToObj(i -> pod("p" + i)).toArray(PodDraft[]::new);
        rig.want(pods);
        waiting().pollInterval(Duration.ofMillis(50)).atMost(Duration.ofSeconds(30)).until(() -> rig.views().stream().filter(Rig::isReady).count() == 1000);
        awaitQuiet();
        long looks = runtime.looks();
        pods[500] = pod("p500").edition("v2");
        rig.want(pods);
        rig.awaitReady("p500", "v2");
        awaitLastCall("removeSandbox default/p500#0");
        assertThat(runtime.looks() - looks).isBetween(3L, 30L);
        assertThat(runtime.calls()).hasSize(3006);
    }

    /** Hints that came after the fact have been looked after. */
    private void awaitQuiet() {
        waiting().during(Duration.ofMillis(100)).until(runtime::looks, new java.util.function.Predicate<>() {
            private long last;

            @Override
            public boolean test(Long now) {
                boolean same = now == last;
                last = now;
                return same;
            }
        });
    }

    private void awaitCall(String line) {
        waiting().until(() -> runtime.calls().contains(line));
    }

    private void awaitLastCall(String line) {
        waiting().untilAsserted(() -> assertThat(runtime.calls()).last().isEqualTo(line));
    }

    private PodDirectory files() {
        return files("v1");
    }

    private PodDirectory files(String uid) {
        return PodDirectory.of(TestPods.TestNode.in(directory), name("web-n"), uid);
    }

    private void assertNoFiles() throws IOException {
        for (String left : List.of("var/pods", "log/pods", "log/containers")) {
            if (Files.exists(directory.resolve(left))) {
                try (Stream<Path> files = Files.list(directory.resolve(left))) {
                    assertThat(files.map(Path::toString)).filteredOn(f -> !f.contains("other-n")).isEmpty();
                }
            }
        }
    }
}
