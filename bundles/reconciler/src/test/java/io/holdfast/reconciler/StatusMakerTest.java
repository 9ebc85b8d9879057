package io.holdfast.reconciler;

import static io.holdfast.pod.PodSpec.RestartPolicy.Always;
import static io.holdfast.pod.PodSpec.RestartPolicy.Never;
import static io.holdfast.pod.PodSpec.RestartPolicy.OnFailure;
import static io.holdfast.reconciler.TestPods.NOW;
import static io.holdfast.reconciler.TestPods.app;
import static io.holdfast.reconciler.TestPods.container;
import static io.holdfast.reconciler.TestPods.crashed;
import static io.holdfast.reconciler.TestPods.created;
import static io.holdfast.reconciler.TestPods.dead;
import static io.holdfast.reconciler.TestPods.exited;
import static io.holdfast.reconciler.TestPods.pod;
import static io.holdfast.reconciler.TestPods.ready;
import static io.holdfast.reconciler.TestPods.running;
import static io.holdfast.reconciler.TestPods.unknown;
import static io.holdfast.status.PodStatus.Phase.Failed;
import static io.holdfast.status.PodStatus.Phase.Pending;
import static io.holdfast.status.PodStatus.Phase.Running;
import static io.holdfast.status.PodStatus.Phase.Succeeded;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.holdfast.reconciler.TestPods.PodDraft;
import io.holdfast.runtime.ContainerRuntime.ContainerId;
import io.holdfast.runtime.ObservedPod.Sandbox;
import io.holdfast.status.PodStatus;
import io.holdfast.status.PodStatus.Condition;
import io.holdfast.status.PodStatus.ContainerStatus;
import io.holdfast.status.PodStatus.Phase;
import io.holdfast.status.PodStatus.State;

class StatusMakerTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final StatusMaker MAKER = new StatusMaker("192.0.2.1", "containerd", Settings.DEFAULT.backoff(),
            Map.of());

    private final Troubles troubles = new Troubles();
    private Vitals vitals = Vitals.NONE;

    record Row(String sentence, PodDraft pod, List<Sandbox> seen, Phase phase) {
        @Override
        public String toString() {
            return sentence;
        }
    }

    @ParameterizedTest
    @MethodSource("phases")
    void phaseIs(Row row) { // L2
        assertThat(status(row.pod(), row.seen()).phase()).isEqualTo(row.phase());
    }

    static Stream<Row> phases() {
        return Stream.of(
                row("nothing here", pod("a"), Pending),
                row("an empty sandbox", pod("a"), Pending, ready("v1", 0)),
                row("created", pod("a"), Pending, ready("v1", 0, created("app", 0))),
                row("runs", pod("a"), Running, ready("v1", 0, running("app", 0))),
                row("one of two has not started yet", two(), Pending, ready("v1", 0, running("app", 0))),
                row("one of two runs, the other was restarted", two(), Running,
                        ready("v1", 0, running("app", 0), created("side", 1), exited("side", 0, 1))),
                row("crashed, restarts at once", pod("a"), Running, ready("v1", 0, exited("app", 0, 1))),
                row("crashed and waits", pod("a"), Running,
                        ready("v1", 0, crashed("app", 1, Duration.ZERO, MINUTE, Duration.ZERO))),
                row("sandbox made anew", pod("a"), Running, ready("v1", 1), dead("v1", 0, exited("app", 0, 137))),
                row("Always, ended well", pod("a").restart(Always), Running, ready("v1", 0, exited("app", 0, 0))),
                row("OnFailure, ended well", pod("a").restart(OnFailure), Succeeded, dead("v1", 0, exited("app", 0, 0))),
                row("OnFailure, failed", pod("a").restart(OnFailure), Running, ready("v1", 0, exited("app", 0, 1))),
                row("Never, ended well", pod("a").restart(Never), Succeeded, dead("v1", 0, exited("app", 0, 0))),
                row("Never, failed", pod("a").restart(Never), Failed, dead("v1", 0, exited("app", 0, 1))),
                row("Never, one of two failed, one runs", two().restart(Never), Running,
                        ready("v1", 0, exited("app", 0, 1), running("side", 0))),
                row("Never, one of two failed", two().restart(Never), Failed,
                        dead("v1", 0, exited("app", 0, 1), exited("side", 0, 0))),
                row("its init container runs", inits(), Pending, ready("v1", 0, running("one", 0))),
                row("its init container crashed and waits", inits(), Pending,
                        ready("v1", 0, crashed("one", 1, Duration.ZERO, MINUTE, Duration.ZERO))),
                row("its init container is done", inits(), Pending, ready("v1", 0, exited("one", 0, 0))),
                row("Never, its init container failed", inits().restart(Never), Failed, dead("v1", 0, exited("one", 0, 1))),
                row("all runs, its init container is removed", inits(), Running,
                        ready("v1", 0, running("app", 0), running("proxy", 0))),
                row("a new sandbox, its init container runs again", inits(), Pending,
                        ready("v1", 1, running("one", 1)), dead("v1", 0, exited("app", 0, 137), exited("one", 0, 0))),
                row("its sidecar crashed beside what runs", inits(), Running,
                        ready("v1", 0, running("app", 0), crashed("proxy", 1, Duration.ZERO, MINUTE, Duration.ZERO))),
                row("Never, all ended well, its sidecar was killed", inits().restart(Never), Succeeded,
                        dead("v1", 0, exited("app", 0, 0), exited("proxy", 0, 137), exited("one", 0, 0))),
                row("too late", pod("a").deadline(60), Failed, ready("v1", 0, running("app", 0))),
                row("too late, ended well because of it", pod("a").restart(Never).deadline(60), Failed,
                        dead("v1", 0, exited("app", 0, 0))),
                row("completed in time", pod("a").restart(Never).deadline(50), Succeeded,
                        dead("v1", 0, endedWell("app", Duration.ofSeconds(20)))));
    }

    /** Ended well that long ago. */
    private static io.holdfast.runtime.ObservedPod.Container endedWell(String name, Duration ago) {
        return TestPods.observed(name, 0, new io.holdfast.runtime.ObservedPod.State.Exited(0, "Completed", "",
                NOW.minus(ago).minusSeconds(5), NOW.minus(ago)), java.util.Map.of());
    }

    private static PodDraft inits() {
        return pod("web-n").init(container("one")).init(container("proxy").sidecar()).with(TestPods.app());
    }

    @Test
    void whatComesAfterAnInitContainerIsInitializing() { // C5, L1
        PodStatus status = status(inits(), List.of(ready("v1", 0, running("one", 0))));
        assertThat(status.containerStatuses().getFirst().state()).isEqualTo(new State.Waiting("PodInitializing", ""));
        assertThat(status.initContainerStatuses()).extracting(ContainerStatus::name).containsExactly("one", "proxy");
        assertThat(status.initContainerStatuses().get(0)).satisfies(one -> {
            assertThat(one.started()).isTrue();
            assertThat(one.ready()).isFalse();
        });
        assertThat(status.initContainerStatuses().get(1).state()).isEqualTo(new State.Waiting("PodInitializing", ""));
        assertThat(condition(status, "Initialized")).isEqualTo(new Condition("Initialized", false, "ContainersNotInitialized",
                "containers with incomplete status: [one proxy]", NOW));
        assertThat(condition(status, "ContainersReady").message()).isEqualTo("containers with unready status: [proxy app]");
    }

    @Test
    void anInitContainerThatIsDoneIsReadyThoughItIsRemoved() { // C5, L1
        PodStatus status = status(inits(), List.of(ready("v1", 0, running("app", 0), running("proxy", 0))));
        assertThat(status.initContainerStatuses().getFirst().ready()).isTrue();
        assertThat(status.initContainerStatuses().getFirst().state()).isInstanceOfSatisfying(State.Terminated.class,
                t -> assertThat(t.reason()).isEqualTo("Completed"));
        assertThat(status.conditions()).allMatch(Condition::status);
    }

    @Test
    void anInitContainerThatCannotHaveItsImageOrCrashesSaysSo() { // C4, C9
        troubles.failed("one", "ErrImagePull", "no such image", Settings.DEFAULT.pullBackoff(), NOW);
        assertThat(status(inits(), List.of(ready("v1", 0))).initContainerStatuses().getFirst().state())
                .isEqualTo(new State.Waiting("ErrImagePull", "no such image"));
        troubles.clear();
        assertThat(status(inits(), List.of(ready("v1", 0, crashed("one", 1, Duration.ZERO, MINUTE, Duration.ZERO))))
                .initContainerStatuses().getFirst().state()).isInstanceOfSatisfying(State.Waiting.class,
                        w -> assertThat(w.reason()).isEqualTo("CrashLoopBackOff"));
    }

    @Test
    void inANewSandboxAnInitContainerThatWasDoneIsToBeDoneAgain() { // C1
        ContainerStatus one = status(inits(), List.of(ready("v1", 1), dead("v1", 0, exited("app", 0, 137), exited("one", 0, 0))))
                .initContainerStatuses().getFirst();
        assertThat(one.state()).isEqualTo(new State.Waiting("PodInitializing", ""));
        assertThat(one.ready()).isFalse();
        assertThat(one.lastState()).isNotNull().extracting(State.Terminated::exitCode).isEqualTo(0);
    }

    @Test
    void whatProbesFoundIsReadyAndStarted() { // P2, P4
        vitals = vitals.with(new ContainerId("app#0"), new Vitals.Vital(true, false, null));
        ContainerStatus app = app(List.of(ready("v1", 0, running("app", 0))));
        assertThat(app.started()).isTrue();
        assertThat(app.ready()).isFalse();
        vitals = vitals.with(new ContainerId("app#0"), new Vitals.Vital(false, true, null));
        app = app(List.of(ready("v1", 0, running("app", 0))));
        assertThat(app.started()).isFalse();
        assertThat(app.ready()).isFalse();
    }

    @Test
    void aGateThatNobodyHasOpenedKeepsAPodFromBeingReady() { // L1
        PodStatus status = status(pod("a").gate("example.com/ok"), List.of(ready("v1", 0, running("app", 0))));
        assertThat(condition(status, "ContainersReady").status()).isTrue();
        assertThat(condition(status, "Ready")).isEqualTo(new Condition("Ready", false, "ReadinessGatesNotReady",
                "corresponding condition of pod readiness gate \"example.com/ok\" does not exist.", NOW));
    }

    @Test
    void aGateIsOpenOrClosedAsWasSaid() { // L1
        var seen = Edition.of("v1", List.of(ready("v1", 0, running("app", 0))), vitals);
        StatusMaker open = new StatusMaker("", "", Settings.DEFAULT.backoff(), Map.of("example.com/ok", new Gates.Said(true, "", "")));
        PodStatus status = open.status(pod("a").gate("example.com/ok").desired(), seen, troubles, null, NOW);
        assertThat(status.conditions().getFirst()).isEqualTo(new Condition("example.com/ok", true, null, null, NOW));
        assertThat(status.conditions()).allMatch(Condition::status);
        StatusMaker closed = new StatusMaker("", "", Settings.DEFAULT.backoff(), Map.of("example.com/ok", new Gates.Said(false, "", "")));
        status = closed.status(pod("a").gate("example.com/ok").desired(), seen, troubles, status, NOW);
        assertThat(condition(status, "Ready").message())
                .isEqualTo("the status of pod readiness gate \"example.com/ok\" is not \"True\", but False");
    }

    @Test
    void withoutAManifestInitContainersAreKnownByWhatIsWrittenOnThem() { // R7
        var one = TestPods.observed("one", 0, new io.holdfast.runtime.ObservedPod.State.Running(NOW),
                java.util.Map.of(Ending.INIT, "0", Ending.SIDECAR, "true"));
        PodStatus status = MAKER.status(Edition.of("v1", List.of(ready("v1", 0, running("app", 0), one)), vitals), null, NOW);
        assertThat(status.containerStatuses()).extracting(ContainerStatus::name).containsExactly("app");
        assertThat(status.initContainerStatuses()).extracting(ContainerStatus::name).containsExactly("one");
    }

    @Test
    void aPodThatRunsIsReady() { // L1
        PodStatus status = status(pod("a"), List.of(ready("v1", 0, running("app", 0))));
        assertThat(status.conditions()).extracting(Condition::type).containsExactly("PodReadyToStartContainers",
                "Initialized", "Ready", "ContainersReady", "PodScheduled");
        assertThat(status.conditions()).allMatch(Condition::status).allMatch(c -> c.reason() == null);
        assertThat(status.startTime()).isEqualTo(pod("a").desired().seen());
        assertThat(status.hostIP()).isEqualTo("192.0.2.1");
        assertThat(status.podIPs()).containsExactly("10.0.0.1");
    }

    @Test
    void onTheHostNetworkTheAddressIsTheNodes() {
        assertThat(status(pod("a").hostNetwork(), List.of()).podIPs()).containsExactly("192.0.2.1");
    }

    @Test
    void aPodThatWaitsSaysForWhichContainers() { // L1
        PodStatus status = status(two(), List.of(ready("v1", 0, running("app", 0))));
        assertThat(condition(status, "Ready")).isEqualTo(
                new Condition("Ready", false, "ContainersNotReady", "containers with unready status: [side]", NOW));
        assertThat(condition(status, "ContainersReady").status()).isFalse();
        assertThat(condition(status, "PodReadyToStartContainers").status()).isTrue();
    }

    @Test
    void aCompletedPodIsNotReadyBecauseItIsCompleted() {
        PodStatus status = status(pod("a").restart(Never), List.of(dead("v1", 0, exited("app", 0, 0))));
        assertThat(condition(status, "Ready")).isEqualTo(new Condition("Ready", false, "PodCompleted", null, NOW));
        assertThat(condition(status, "PodReadyToStartContainers").status()).isFalse();
    }

    @Test
    void conditionsKnowSinceWhen() { // L1
        PodStatus first = status(pod("a"), List.of(ready("v1", 0)));
        PodStatus second = after(first, NOW.plusSeconds(5), ready("v1", 0, running("app", 0)));
        PodStatus third = after(second, NOW.plusSeconds(9), ready("v1", 0, running("app", 0)));
        assertThat(condition(second, "Ready").lastTransitionTime()).isEqualTo(NOW.plusSeconds(5));
        assertThat(condition(second, "PodScheduled").lastTransitionTime()).isEqualTo(NOW);
        assertThat(third).isEqualTo(second);
    }

    @Test
    void aContainerThatIsNotThereIsBeingCreated() { // L1
        assertThat(app(List.of())).isEqualTo(new ContainerStatus("app", new State.Waiting("ContainerCreating", ""), null,
                false, false, 0, TestPods.IMAGE, "", "", null));
    }

    @Test
    void aContainerThatRuns() {
        ContainerStatus app = app(List.of(ready("v1", 0, running("app", 3), exited("app", 2, 7))));
        assertThat(app.state()).isEqualTo(new State.Running(NOW.minusSeconds(60)));
        assertThat(app.ready()).isTrue();
        assertThat(app.started()).isTrue();
        assertThat(app.restartCount()).isEqualTo(3); // C7
        assertThat(app.containerID()).isEqualTo("containerd://app#3");
        assertThat(app.lastState()).isNotNull().extracting(State.Terminated::exitCode).isEqualTo(7);
        assertThat(app.logPath()).isEqualTo("/var/log/pods/x/app/3.log");
    }

    @Test
    void restartsAreCountedAcrossSandboxes() { // C7
        ContainerStatus app = app(List.of(ready("v1", 1), dead("v1", 0, exited("app", 4, 137))));
        assertThat(app.restartCount()).isEqualTo(4);
        assertThat(app.state()).isInstanceOf(State.Terminated.class);
    }

    @Test
    void aCrashLoopSaysHowLongItWaits() { // C4
        ContainerStatus app = app(List.of(ready("v1", 0, crashed("app", 2, Duration.ofSeconds(10), MINUTE, MINUTE.dividedBy(6)))));
        assertThat(app.state()).isEqualTo(new State.Waiting("CrashLoopBackOff",
                "back-off 20s restarting failed container=app pod=web-n_default(v1)"));
        assertThat(app.lastState()).isNotNull().extracting(State.Terminated::exitCode).isEqualTo(1);
        assertThat(app.ready()).isFalse();
    }

    @Test
    void theFirstRestartIsNoCrashLoop() { // C4
        assertThat(app(List.of(ready("v1", 0, exited("app", 0, 1)))).state()).isInstanceOf(State.Terminated.class);
    }

    @Test
    void aWaitThatIsOverIsNoCrashLoop() {
        assertThat(app(List.of(ready("v1", 0, crashed("app", 2, Duration.ofSeconds(10), MINUTE, Duration.ofSeconds(20)))))
                .state()).isInstanceOf(State.Terminated.class);
    }

    @Test
    void aFailedPullIsWhatItWaitsFor() { // C9
        troubles.failed("app", "ErrImagePull", "no such image", Settings.DEFAULT.pullBackoff(), NOW);
        assertThat(app(List.of(ready("v1", 0))).state()).isEqualTo(new State.Waiting("ErrImagePull", "no such image"));
        assertThat(status(pod("web-n"), List.of(ready("v1", 0))).phase()).isEqualTo(Pending);
    }

    @Test
    void aFailedPullForARestartKeepsWhatWasBefore() {
        troubles.failed("app", "ErrImagePull", "no such image", Settings.DEFAULT.pullBackoff(), NOW);
        ContainerStatus app = app(List.of(ready("v1", 0, exited("app", 1, 3))));
        assertThat(app.state()).isEqualTo(new State.Waiting("ErrImagePull", "no such image"));
        assertThat(app.lastState()).isNotNull().extracting(State.Terminated::exitCode).isEqualTo(3);
        assertThat(app.restartCount()).isEqualTo(1);
    }

    @Test
    void troubleDoesNotHideThatItRunsOrEndedForGood() {
        troubles.failed("app", "ErrImagePull", "", Settings.DEFAULT.pullBackoff(), NOW);
        assertThat(app(List.of(ready("v1", 0, running("app", 0)))).state()).isInstanceOf(State.Running.class);
        PodStatus ended = status(pod("web-n").restart(Never), List.of(dead("v1", 0, exited("app", 0, 0))));
        assertThat(ended.containerStatuses().getFirst().state()).isInstanceOf(State.Terminated.class);
    }

    @Test
    void troubleOfThePodIsSaidOnThePodAndOnItsContainers() { // R9, G3
        troubles.failed(Troubles.POD, "HostPortConflict", "taken", Settings.DEFAULT.retry(), NOW);
        PodStatus status = status(pod("web-n"), List.of());
        assertThat(status.reason()).isEqualTo("HostPortConflict");
        assertThat(status.message()).isEqualTo("taken");
        assertThat(status.containerStatuses().getFirst().state())
                .isEqualTo(new State.Waiting("ContainerCreating", "taken"));
    }

    @Test
    void whatTheEngineLostIsSaid() {
        assertThat(app(List.of(ready("v1", 0, unknown("app", 0)))).state()).isInstanceOfSatisfying(State.Waiting.class,
                w -> assertThat(w.reason()).isEqualTo("ContainerStatusUnknown"));
    }

    @Test
    void otherEditionsAreNotCounted() {
        assertThat(app(List.of(ready("v0", 0, running("app", 9)))).restartCount()).isZero();
    }

    @Test
    void aPodWithoutAManifestIsWhatTheEngineShows() { // R7, while it is left alone
        Edition edition = Edition.of("v1", List.of(ready("v1", 0, running("app", 2), exited("app", 1, 1), running("side", 0))), Vitals.NONE);
        PodStatus status = MAKER.status(edition, null, NOW);
        assertThat(status.phase()).isEqualTo(Running);
        assertThat(status.containerStatuses()).extracting(ContainerStatus::name).containsExactly("app", "side");
        assertThat(status.startTime()).isEqualTo(edition.sandboxes().getFirst().createdAt());
    }

    private static Row row(String sentence, PodDraft pod, Phase phase, Sandbox... seen) {
        return new Row(sentence, pod, List.of(seen), phase);
    }

    private static PodDraft two() {
        return pod("web-n").with(TestPods.app()).with(container("side"));
    }

    private PodStatus status(PodDraft pod, List<Sandbox> seen) {
        return MAKER.status(pod.desired(), Edition.of("v1", seen, vitals), troubles, null, NOW);
    }

    private PodStatus after(PodStatus before, Instant now, Sandbox... seen) {
        return MAKER.status(pod("a").desired(), Edition.of("v1", List.of(seen), vitals), troubles, before, now);
    }

    private ContainerStatus app(List<Sandbox> seen) {
        return status(pod("web-n"), seen).containerStatuses().getFirst();
    }

    private static Condition condition(PodStatus status, String type) {
        return status.conditions().stream().filter(c -> c.type().equals(type)).findFirst().orElseThrow();
    }
}
