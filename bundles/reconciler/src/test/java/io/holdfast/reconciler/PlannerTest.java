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
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.holdfast.pod.PodSpec.RestartPolicy;
import io.holdfast.runtime.ContainerRuntime.ContainerId;
import io.holdfast.runtime.ObservedPod;
import io.holdfast.runtime.ObservedPod.Sandbox;
import io.holdfast.source.DesiredPod;

class PlannerTest {

    private static final Duration ZERO = Duration.ZERO;
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Goal GONE = new Goal.Leave("its manifest is gone");
    private static final Goal SILENT = new Goal.Hold();

    private final Planner planner = new Planner(Settings.DEFAULT.backoff());

    record Row(String sentence, Goal goal, List<Sandbox> seen, Troubles troubles, Vitals vitals, List<String> steps,
            Instant wakeAt) {

        Row after(Consumer<Troubles> trouble) {
            trouble.accept(troubles);
            return this;
        }

        Row wakes(Duration in) {
            return new Row(sentence, goal, seen, troubles, vitals, steps, NOW.plus(in));
        }

        /** Its hook has not ended yet, or its startup probe has not passed. */
        Row whileStarting(String container) {
            return with(container, new Vitals.Vital(false, true, null));
        }

        Row whileNotReady(String container) {
            return with(container, new Vitals.Vital(true, false, null));
        }

        Row failed(String container, String what, @Nullable Duration grace) {
            return with(container, new Vitals.Vital(true, true, new Vitals.Failure(what, grace)));
        }

        private Row with(String container, Vitals.Vital vital) {
            return new Row(sentence, goal, seen, troubles, vitals.with(new ContainerId(container), vital), steps, wakeAt);
        }

        @Override
        public String toString() {
            return sentence;
        }
    }

    @ParameterizedTest
    @MethodSource({"editions", "leaving", "sandboxes", "restarts", "backoff", "halfDone", "troubled", "tidying", "init",
            "sidecars", "probed", "probing", "ending", "first", "deadlines", "outdated"})
    void plans(Row row) {
        Plan plan = planner.plan(row.goal(), row.seen(), row.troubles(), row.vitals(), NOW);
        assertThat(plan.steps()).extracting(PlannerTest::said).isEqualTo(row.steps());
        assertThat(plan.wakeAt()).isEqualTo(row.wakeAt());
        assertThat(plan.gone()).isFalse();
    }

    static Stream<Row> editions() { // S7, R5, R8
        return Stream.of(
                row("new manifest, nothing here", desired("v1"), seen(), runSandbox("v1", 0)),
                row("sandbox is there, nothing in it", desired("v1"), seen(ready("v1", 0)), start("app", 0)),
                row("all runs", desired("v1"), seen(ready("v1", 0, running("app", 0)))),
                row("all runs, found by a new agent after some crashes", desired("v1"),
                        seen(ready("v1", 3, running("app", 7)))),
                row("edited manifest, old one running", desired("v2"), seen(ready("v1", 0, running("app", 0))), stop("v1", 0)),
                row("edited manifest, old one has an empty sandbox", desired("v2"), seen(ready("v1", 0)), stop("v1", 0)),
                row("edited manifest, old one stopped", desired("v2"), seen(dead("v1", 0, exited("app", 0, 143))),
                        runSandbox("v2", 0)),
                row("edited manifest, old one stopped, sandbox of the new one there", desired("v2"),
                        seen(ready("v2", 0), dead("v1", 0)), start("app", 0)),
                row("edited manifest, new one runs: the old one's remains go", desired("v2"),
                        seen(ready("v2", 0, running("app", 0)), dead("v1", 0)), removeData("v1"), removeSandbox("v1", 0)),
                row("edited twice at once, two old ones alive", desired("v3"),
                        seen(ready("v2", 0, running("app", 0)), dead("v1", 0, running("app", 0))), stop("v2", 0),
                        stop("v1", 0)),
                row("edited while the new one runs beside the old one", desired("v2"),
                        seen(ready("v2", 0, running("app", 0)), ready("v1", 0, running("app", 0))), stop("v1", 0)));
    }

    static Stream<Row> leaving() { // R6, R7, design decision 3
        return Stream.of(
                row("manifest removed, running", GONE, seen(ready("v1", 0, running("app", 0))), stop("v1", 0)),
                row("manifest removed, stopped", GONE, seen(dead("v1", 0, exited("app", 0, 0))), removeData("v1"),
                        removeSandbox("v1", 0)),
                row("manifest removed, two editions run", GONE, seen(ready("v2", 0), ready("v1", 0)), stop("v2", 0),
                        stop("v1", 0)),
                row("manifest removed, one sandbox dead already", GONE, seen(ready("v1", 1), dead("v1", 0)), stop("v1", 1)),
                row("manifest removed, two dead sandboxes of one edition", GONE, seen(dead("v1", 1), dead("v1", 0)),
                        removeData("v1"), removeSandbox("v1", 1), removeSandbox("v1", 0)),
                row("manifest removed, a container was never started", GONE, seen(dead("v1", 0, created("app", 0))),
                        removeData("v1"), removeSandbox("v1", 0)),
                row("source silent, running", SILENT, seen(ready("v1", 0, running("app", 0)))),
                row("source silent, crashed", SILENT, seen(ready("v1", 0, exited("app", 0, 1)))),
                row("source silent, dead", SILENT, seen(dead("v1", 0))),
                row("source silent, nothing here", SILENT, seen()));
    }

    static Stream<Row> sandboxes() { // C1, C7
        return Stream.of(
                row("sandbox died, all in it too", desired("v1"), seen(dead("v1", 0, exited("app", 0, 137))),
                        runSandbox("v1", 1)),
                row("sandbox not ready, containers still run", desired("v1"), seen(dead("v1", 0, running("app", 0))),
                        stop("v1", 0)),
                row("sandbox made anew: the container goes on counting", desired("v1"),
                        seen(ready("v1", 1), dead("v1", 0, exited("app", 4, 137))), start("app", 5, ZERO)),
                row("two ready sandboxes of one edition: the newer stays", desired("v1"),
                        seen(ready("v1", 0), ready("v1", 1, running("app", 0))), stop("v1", 0)),
                row("sandbox made anew, one of two containers already back", desired(two()),
                        seen(ready("v1", 1, running("app", 1)),
                                dead("v1", 0, exited("app", 0, 137), exited("side", 2, 137))),
                        start("side", 3, ZERO)));
    }

    static Stream<Row> restarts() { // C3
        return Stream.of(
                row("Always, ended well", restart(Always), seen(ready("v1", 0, exited("app", 0, 0))), start("app", 1, ZERO)),
                row("Always, failed", restart(Always), seen(ready("v1", 0, exited("app", 0, 1))), start("app", 1, ZERO)),
                row("OnFailure, failed", restart(OnFailure), seen(ready("v1", 0, exited("app", 0, 1))),
                        start("app", 1, ZERO)),
                row("OnFailure, ended well: its sandbox goes", restart(OnFailure),
                        seen(ready("v1", 0, exited("app", 0, 0))), stop("v1", 0)),
                row("OnFailure, ended well, sandbox gone: no new one", restart(OnFailure),
                        seen(dead("v1", 0, exited("app", 0, 0)))),
                row("Never, ended well: its sandbox goes", restart(Never), seen(ready("v1", 0, exited("app", 0, 0))),
                        stop("v1", 0)),
                row("Never, failed: its sandbox goes", restart(Never), seen(ready("v1", 0, exited("app", 0, 1))),
                        stop("v1", 0)),
                row("Never, failed, sandbox gone: no new one", restart(Never), seen(dead("v1", 0, exited("app", 0, 1)))),
                row("Never, one of two still runs", new Goal.Run(two().restart(Never).desired()),
                        seen(ready("v1", 0, exited("app", 0, 1), running("side", 0)))),
                row("OnFailure, one of two ended well, the other failed", new Goal.Run(two().restart(OnFailure).desired()),
                        seen(ready("v1", 0, exited("app", 0, 0), exited("side", 0, 2))), start("side", 1, ZERO)));
    }

    static Stream<Row> backoff() { // C4
        Stream<Row> growing = Stream.of(0, 10, 20, 40, 80, 160, 300).map(Duration::ofSeconds).flatMap(before -> {
            Duration next = before.isZero() ? Duration.ofSeconds(10)
                    : before.multipliedBy(2).compareTo(Duration.ofSeconds(300)) > 0 ? Duration.ofSeconds(300)
                            : before.multipliedBy(2);
            return Stream.of(
                    row("crashed just now, had waited " + before, desired("v1"),
                            seen(ready("v1", 0, crashed("app", 3, before, MINUTE, ZERO)))).wakes(next),
                    row("crashed " + next + " ago, had waited " + before, desired("v1"),
                            seen(ready("v1", 0, crashed("app", 3, before, MINUTE, next))), start("app", 4, next)));
        });
        return Stream.concat(growing, Stream.of(
                row("crashed after ten minutes of running", desired("v1"),
                        seen(ready("v1", 0, crashed("app", 3, Duration.ofSeconds(300), Duration.ofMinutes(10), ZERO))),
                        start("app", 4, ZERO)),
                row("crashed after almost ten minutes of running", desired("v1"),
                        seen(ready("v1", 0, crashed("app", 3, Duration.ofSeconds(40), Duration.ofSeconds(599), ZERO))))
                        .wakes(Duration.ofSeconds(80)),
                row("the sandbox died with it: the wait goes on", desired("v1"),
                        seen(ready("v1", 1), dead("v1", 0, crashed("app", 1, ZERO, MINUTE, Duration.ofSeconds(4)))))
                        .wakes(Duration.ofSeconds(6)),
                row("two wait: the sooner wakes", desired(two()),
                        seen(ready("v1", 0, crashed("app", 1, Duration.ofSeconds(20), MINUTE, ZERO),
                                crashed("side", 1, ZERO, MINUTE, ZERO))))
                        .wakes(Duration.ofSeconds(10)),
                row("one waits, the other is due", desired(two()),
                        seen(ready("v1", 0, crashed("app", 1, ZERO, MINUTE, ZERO), exited("side", 0, 1))),
                        start("side", 1, ZERO)).wakes(Duration.ofSeconds(10))));
    }

    static Stream<Row> halfDone() { // R8: killed at any instant
        return Stream.of(
                row("created and never started", desired("v1"), seen(ready("v1", 0, created("app", 0))), startCreated("app", 0)),
                row("created and never started, and its sandbox died", desired("v1"),
                        seen(ready("v1", 1), dead("v1", 0, created("app", 2, Duration.ofSeconds(20)))),
                        start("app", 3, Duration.ofSeconds(20))),
                row("restarted, created and never started", desired("v1"),
                        seen(ready("v1", 0, created("app", 1), exited("app", 0, 1))), startCreated("app", 1)),
                row("state unknown: it is stopped first", desired("v1"), seen(ready("v1", 0, unknown("app", 0))), kill("app", 0)),
                row("state unknown in a dead sandbox: all is stopped first", desired("v1"),
                        seen(dead("v1", 0, unknown("app", 0))), stop("v1", 0)),
                row("state unknown, manifest gone", GONE, seen(dead("v1", 0, unknown("app", 0))), stop("v1", 0)),
                row("one of two never made", desired(two()), seen(ready("v1", 0, running("app", 0))), start("side", 0)));
    }

    static Stream<Row> troubled() { // C9, R9, G3
        return Stream.of(
                row("sandbox was refused just now", desired("v1"), seen()).after(t -> failed(t, Troubles.POD)).wakes(Duration.ofSeconds(1)),
                row("sandbox was refused a while ago", desired("v1"), seen(), runSandbox("v1", 0))
                        .after(t -> t.put(Troubles.POD, new Trouble.Retry("X", "", 1, NOW))),
                row("image is on its way", desired("v1"), seen(ready("v1", 0)))
                        .after(t -> t.put("app", new Trouble.Pulling("i"))),
                row("image of one of two is on its way", desired(two()), seen(ready("v1", 0)), start("side", 0))
                        .after(t -> t.put("app", new Trouble.Pulling("i"))),
                row("start was refused just now", desired("v1"), seen(ready("v1", 0, created("app", 0))))
                        .after(t -> failed(t, "app")).wakes(Duration.ofSeconds(1)),
                row("refused a while ago, but it has to wait for its crash too", desired("v1"),
                        seen(ready("v1", 0, crashed("app", 1, ZERO, MINUTE, ZERO))))
                        .after(t -> t.put("app", new Trouble.Retry("X", "", 1, NOW))).wakes(Duration.ofSeconds(10)),
                row("trouble with the new edition: the old one's remains go all the same", desired("v2"),
                        seen(dead("v1", 0)), removeData("v1"), removeSandbox("v1", 0))
                        .after(t -> failed(t, Troubles.POD)).wakes(Duration.ofSeconds(1)),
                row("trouble does not keep an old edition alive", desired("v2"), seen(ready("v1", 0, running("app", 0))),
                        stop("v1", 0)).after(t -> failed(t, Troubles.POD)));
    }

    static Stream<Row> tidying() { // G1
        return Stream.of(
                row("one dead container per name stays", desired("v1"),
                        seen(ready("v1", 0, running("app", 2), exited("app", 1, 1), exited("app", 0, 1))), remove("app", 0)),
                row("one dead container per name stays, over all sandboxes", desired("v1"),
                        seen(ready("v1", 1, running("app", 2), exited("app", 1, 1)), dead("v1", 0, exited("app", 0, 137))),
                        remove("app", 0)),
                row("the newest dead sandbox stays", desired("v1"),
                        seen(ready("v1", 3, running("app", 3)), dead("v1", 2, exited("app", 2, 1)),
                                dead("v1", 1, exited("app", 1, 1)), dead("v1", 0, exited("app", 0, 1))),
                        removeSandbox("v1", 1), removeSandbox("v1", 0)),
                row("a dead sandbox with nothing in it goes", desired("v1"),
                        seen(ready("v1", 2, running("app", 1)), dead("v1", 1), dead("v1", 0, exited("app", 0, 1))),
                        removeSandbox("v1", 1)),
                row("it is tidied while a crashed container waits", desired("v1"),
                        seen(ready("v1", 0, crashed("app", 2, ZERO, MINUTE, ZERO), exited("app", 1, 1))), remove("app", 1))
                        .wakes(Duration.ofSeconds(10)),
                row("what is urgent goes before", desired("v1"),
                        seen(ready("v1", 0, exited("app", 2, 1), exited("app", 1, 1), exited("app", 0, 1))),
                        start("app", 3, ZERO)),
                row("of a completed pod the last container stays", restart(Never), seen(
                        dead("v1", 1, exited("app", 1, 0)), dead("v1", 0, exited("app", 0, 1))), remove("app", 0)));
    }

    static Stream<Row> init() { // C1, C5
        return Stream.of(
                row("two init containers, nothing ran yet: the first", wants(steps()), seen(ready("v1", 0)), start("one", 0)),
                row("the first runs", wants(steps()), seen(ready("v1", 0, running("one", 0)))),
                row("the first is done: the second", wants(steps()), seen(ready("v1", 0, exited("one", 0, 0))),
                        start("two", 0)),
                row("both are done: the main container", wants(steps()),
                        seen(ready("v1", 0, exited("two", 0, 0), exited("one", 0, 0))), start("app", 0)),
                row("all is well", wants(steps()),
                        seen(ready("v1", 0, running("app", 0), exited("two", 0, 0), exited("one", 0, 0)))),
                row("the main container was made, the init containers are removed", wants(steps()),
                        seen(ready("v1", 0, running("app", 0)))),
                row("the main container has crashed, the init containers are removed", wants(steps()),
                        seen(ready("v1", 0, exited("app", 0, 1))), start("app", 1, ZERO)),
                row("one of two main containers was made before the agent was killed", wants(steps().with(container("other"))),
                        seen(ready("v1", 0, created("app", 0), exited("two", 0, 0))), startCreated("app", 0), start("other", 0)),
                row("an init container was made and never started", wants(steps()), seen(ready("v1", 0, created("one", 0))),
                        startCreated("one", 0)),
                row("an init container in a state unknown", wants(steps()), seen(ready("v1", 0, unknown("one", 0))),
                        kill("one", 0)),
                row("Always, the first failed: again", wants(steps()), seen(ready("v1", 0, exited("one", 0, 1))),
                        start("one", 1, ZERO)),
                row("OnFailure, the second failed: again", wants(steps().restart(OnFailure)),
                        seen(ready("v1", 0, exited("two", 0, 1), exited("one", 0, 0))), start("two", 1, ZERO)),
                row("the second crashes: it waits, and nothing else is started", wants(steps()),
                        seen(ready("v1", 0, crashed("two", 1, ZERO, MINUTE, ZERO), exited("one", 0, 0))))
                        .wakes(Duration.ofSeconds(10)),
                row("Never, the first failed: its sandbox goes", wants(steps().restart(Never)),
                        seen(ready("v1", 0, exited("one", 0, 1))), stop("v1", 0)),
                row("Never, the first failed, sandbox gone: no new one", wants(steps().restart(Never)),
                        seen(dead("v1", 0, exited("one", 0, 1)))),
                row("new sandbox: what was done is done again", wants(steps()),
                        seen(ready("v1", 1), dead("v1", 0, exited("app", 2, 137), exited("two", 0, 0), exited("one", 0, 0))),
                        start("one", 1)),
                row("new sandbox, the first is done there: the second again", wants(steps()),
                        seen(ready("v1", 1, exited("one", 1, 0)),
                                dead("v1", 0, exited("app", 2, 137), exited("two", 4, 0), exited("one", 0, 0))),
                        start("two", 5)),
                row("new sandbox, both are done there: the main container goes on counting", wants(steps()),
                        seen(ready("v1", 1, exited("two", 1, 0), exited("one", 1, 0)), dead("v1", 0, exited("app", 2, 137))),
                        start("app", 3, ZERO)),
                row("the sandbox died under an init container", wants(steps()), seen(dead("v1", 0, exited("one", 0, 137))),
                        runSandbox("v1", 1)),
                row("one dead init container per name stays", wants(steps()),
                        seen(ready("v1", 0, running("app", 0), exited("two", 0, 0), exited("one", 1, 0), exited("one", 0, 1))),
                        remove("one", 0)));
    }

    static Stream<Row> sidecars() { // C6
        return Stream.of(
                row("a sidecar is first: only it", wants(proxied()), seen(ready("v1", 0)), start("proxy", 0)),
                row("it runs, and is not started yet", wants(proxied()), seen(ready("v1", 0, running("proxy", 0))))
                        .whileStarting("proxy#0"),
                row("it is started, ready or not: what comes next", wants(proxied()), seen(ready("v1", 0, running("proxy", 0))),
                        start("one", 0)).whileNotReady("proxy#0"),
                row("it crashed while the next one runs: on its own", wants(proxied()),
                        seen(ready("v1", 0, running("one", 0), exited("proxy", 0, 1))), start("proxy", 1, ZERO)),
                row("it ended well: it is to run all the same", wants(proxied()),
                        seen(ready("v1", 0, running("app", 0), exited("one", 0, 0), exited("proxy", 0, 0))),
                        start("proxy", 1, ZERO)),
                row("it crashed beside the main container, and waits", wants(proxied()),
                        seen(ready("v1", 0, running("app", 0), crashed("proxy", 1, ZERO, MINUTE, ZERO))))
                        .wakes(Duration.ofSeconds(10)),
                row("it waits, the main container does not wait for it", wants(proxied()),
                        seen(ready("v1", 0, exited("app", 0, 1), crashed("proxy", 1, ZERO, MINUTE, ZERO))),
                        start("app", 1, ZERO)).wakes(Duration.ofSeconds(10)),
                row("it waits, the init container after it has ended: the main container does not wait for it", wants(proxied()),
                        seen(ready("v1", 0, exited("one", 0, 0), crashed("proxy", 1, ZERO, MINUTE, ZERO))),
                        start("app", 0)).wakes(Duration.ofSeconds(10)),
                row("it waits, the init container after it has failed: that is not kept from its next try", wants(proxied()),
                        seen(ready("v1", 0, exited("one", 0, 1), crashed("proxy", 1, ZERO, MINUTE, ZERO))),
                        start("one", 1, ZERO)).wakes(Duration.ofSeconds(10)),
                row("Never: a sidecar is started again", wants(proxied().restart(Never)),
                        seen(ready("v1", 0, running("app", 0), exited("proxy", 0, 1))), start("proxy", 1, ZERO)),
                row("Never: a sidecar that fails before the main container is started again", wants(proxied().restart(Never)),
                        seen(ready("v1", 0, exited("proxy", 0, 1))), start("proxy", 1, ZERO)),
                row("it does not keep the pod from completing", wants(proxied().restart(OnFailure)),
                        seen(ready("v1", 0, exited("app", 0, 0), exited("one", 0, 0), running("proxy", 0))), stop("v1", 0)),
                row("new sandbox: it comes first again", wants(proxied()),
                        seen(ready("v1", 1), dead("v1", 0, exited("app", 0, 137), exited("proxy", 3, 137))),
                        start("proxy", 4, ZERO)));
    }

    static Stream<Row> probed() { // P4, C8
        return Stream.of(
                row("liveness failed", desired("v1"), seen(ready("v1", 0, running("app", 0))), kill("app", 0))
                        .failed("app#0", "failed liveness probe", null),
                row("startup failed, with a grace period of its own", desired("v1"), seen(ready("v1", 0, running("app", 0))),
                        kill("app", 0) + " grace PT5S").failed("app#0", "failed startup probe", Duration.ofSeconds(5)),
                row("one of two failed: the other runs on", desired(two()),
                        seen(ready("v1", 0, running("app", 0), running("side", 0))), kill("side", 0))
                        .failed("side#0", "failed its postStart hook", null),
                row("a sidecar failed", wants(proxied()), seen(ready("v1", 0, running("app", 0), running("proxy", 0))),
                        kill("proxy", 0)).failed("proxy#0", "failed liveness probe", null),
                row("what failed was killed: it is started again", desired("v1"),
                        seen(ready("v1", 0, exited("app", 0, 143))), start("app", 1, ZERO))
                        .failed("app#0", "failed liveness probe", null),
                row("Never: what failed and was killed has ended", restart(Never),
                        seen(ready("v1", 0, exited("app", 0, 143))), stop("v1", 0)),
                row("not ready: nothing is done", desired("v1"), seen(ready("v1", 0, running("app", 0)))).whileNotReady("app#0"),
                row("failed while its manifest goes: the whole pod stops", GONE, seen(ready("v1", 0, running("app", 0))),
                        stop("v1", 0)).failed("app#0", "failed liveness probe", null));
    }

    static Stream<Row> probing() { // P1, P2, P3, P5
        return Stream.of(
                row("a new container is not ready before its probe says so: nothing is done", desired("v1"),
                        seen(ready("v1", 0, running("app", 0)))).whileNotReady("app#0"),
                row("its startup probe has not passed: nothing else says anything", desired("v1"),
                        seen(ready("v1", 0, running("app", 0)))).whileStarting("app#0"),
                row("the other main container does not wait for its startup probe", desired(two()),
                        seen(ready("v1", 0, running("app", 0))), start("side", 0)).whileStarting("app#0"),
                row("another one than the one that failed runs by now", desired("v1"),
                        seen(ready("v1", 0, running("app", 1)))).failed("app#0", "failed liveness probe", null),
                row("a new agent finds it ready and has not probed it yet", desired("v1"),
                        seen(ready("v1", 0, running("app", 3)))));
    }

    static Stream<Row> ending() { // T1, T2, T4
        ObservedPod.Container hooked = TestPods.observed("app", 0, running("app", 0).state(), Map.of(Ending.PRE_STOP, "exec flush"));
        return Stream.of(
                row("it has a hook and a sidecar: one step keeps their order", GONE,
                        seen(ready("v1", 0, hooked, running("proxy", 0))), stop("v1", 0)),
                row("an agent was killed after the main container ended: the sidecar is still to be stopped", GONE,
                        seen(ready("v1", 0, exited("app", 0, 143), running("proxy", 0))), stop("v1", 0)),
                row("all have ended, the sandbox is still to be stopped", GONE,
                        seen(ready("v1", 0, exited("app", 0, 143), exited("proxy", 0, 143))), stop("v1", 0)),
                row("what it said at its end stays until it is removed", restart(Never),
                        seen(dead("v1", 0, exited("app", 0, 1)))));
    }

    static Stream<Row> first() { // L1, L2, L3
        return Stream.of(
                row("one of two waits for its first start, the other runs on", desired(two()),
                        seen(ready("v1", 0, running("app", 0)))).after(t -> t.put("side", new Trouble.Pulling("i"))),
                row("somebody removed its container: it is made again", desired(two()), seen(ready("v1", 0, running("side", 0))),
                        start("app", 0)),
                row("somebody removed its sandbox: all is made again", desired(two()), seen(), runSandbox("v1", 0)),
                row("it waits for other pods: not even its sandbox is made", desired("v1"), seen()) // R10
                        .after(t -> t.awaits(new Trouble.Awaits(Order.WAITS, "x"))),
                row("it waits for other pods, and an older edition is still there: that one goes", desired("v2"),
                        seen(ready("v1", 0, running("app", 0))), stop("v1", 0))
                        .after(t -> t.awaits(new Trouble.Awaits(Order.WAITS, "x"))));
    }

    static Stream<Row> deadlines() { // T3; the pod was seen first a minute ago
        return Stream.of(
                row("twenty seconds left", wants(pod("web-n").deadline(80)), seen(ready("v1", 0, running("app", 0))))
                        .wakes(Duration.ofSeconds(20)),
                row("over", wants(pod("web-n").deadline(60)), seen(ready("v1", 0, running("app", 0))), stop("v1", 0)),
                row("over, in the middle of the init containers", wants(steps().deadline(60)),
                        seen(ready("v1", 0, running("one", 0))), stop("v1", 0)),
                row("over, nothing here yet", wants(pod("web-n").deadline(60)), seen()),
                row("over and stopped: no new sandbox", wants(pod("web-n").deadline(60)), seen(dead("v1", 0, exited("app", 0, 0)))),
                row("a crash waits for longer than is left", wants(pod("web-n").deadline(65)),
                        seen(ready("v1", 0, crashed("app", 1, ZERO, MINUTE, ZERO)))).wakes(Duration.ofSeconds(5)),
                row("it completed: the deadline does not matter", wants(pod("web-n").restart(Never).deadline(80)),
                        seen(dead("v1", 0, exited("app", 0, 0)))));
    }

    @Test
    void whyAContainerIsKilledIsSaidAsTheKubeletDoes() { // P4
        Vitals vitals = Vitals.NONE.with(new ContainerId("app#0"),
                new Vitals.Vital(true, true, new Vitals.Failure("failed liveness probe", null)));
        List<Sandbox> seen = List.of(ready("v1", 0, running("app", 0)));
        assertThat(planner.plan(desired("v1"), seen, new Troubles(), vitals, NOW).steps()).singleElement()
                .isInstanceOfSatisfying(Step.StopContainer.class,
                        s -> assertThat(s.why()).isEqualTo("Container app failed liveness probe, will be restarted"));
        assertThat(planner.plan(restart(Never), seen, new Troubles(), vitals, NOW).steps()).singleElement()
                .isInstanceOfSatisfying(Step.StopContainer.class,
                        s -> assertThat(s.why()).isEqualTo("Container app failed liveness probe"));
    }

    @Test
    void theWorkIsOverWhenNothingIsWantedAndNothingIsHere() {
        assertThat(planner.plan(GONE, List.of(), new Troubles(), Vitals.NONE, NOW).gone()).isTrue();
        assertThat(planner.plan(SILENT, List.of(), new Troubles(), Vitals.NONE, NOW).gone()).isFalse();
    }

    @Test
    void theWaitAfterACrashSurvivesTheAgent() { // C4: it is read from the container, not remembered
        Sandbox sandbox = ready("v1", 0, crashed("app", 5, Duration.ofSeconds(80), MINUTE, Duration.ofSeconds(100)));
        Goal goal = desired("v1");
        Plan first = planner.plan(goal, List.of(sandbox), new Troubles(), Vitals.NONE, NOW);
        Plan byANewAgent = new Planner(Settings.DEFAULT.backoff()).plan(goal, List.of(sandbox), new Troubles(), Vitals.NONE, NOW);
        assertThat(first.wakeAt()).isEqualTo(NOW.plusSeconds(60));
        assertThat(byANewAgent).isEqualTo(first);
    }

    // ------------------------------------------------------------------ words of the rows

    private static Row row(String sentence, Goal goal, List<Sandbox> seen, String... steps) {
        return new Row(sentence, goal, seen, new Troubles(), Vitals.NONE, List.of(steps), Instant.MAX);
    }

    private static Goal desired(String uid) {
        return new Goal.Run(pod("web-n").edition(uid).desired());
    }

    private static Goal desired(TestPods.PodDraft pod) {
        return new Goal.Run(pod.desired());
    }

    private static Goal wants(TestPods.PodDraft pod) {
        return new Goal.Run(pod.desired());
    }

    /** A main container after two init containers. */
    private static TestPods.PodDraft steps() {
        return pod("web-n").init(container("one")).init(container("two")).with(app());
    }

    /** A main container after a sidecar and an init container. */
    private static TestPods.PodDraft proxied() {
        return pod("web-n").init(container("proxy").sidecar()).init(container("one")).with(app());
    }

    private static Goal restart(RestartPolicy policy) {
        return new Goal.Run(pod("web-n").restart(policy).desired());
    }

    private static TestPods.PodDraft two() {
        return pod("web-n").with(app()).with(container("side"));
    }

    private static List<Sandbox> seen(Sandbox... sandboxes) {
        return List.of(sandboxes);
    }

    private static void failed(Troubles troubles, String container) {
        troubles.failed(container, "X", "x", Settings.DEFAULT.retry(), NOW);
    }

    private static String runSandbox(String uid, int attempt) {
        return "run sandbox " + uid + "#" + attempt;
    }

    private static String start(String container, int attempt) {
        return "start " + container + "#" + attempt;
    }

    private static String start(String container, int attempt, Duration heldBack) {
        return start(container, attempt) + " held back " + heldBack;
    }

    private static String startCreated(String container, int attempt) {
        return "start created " + container + "#" + attempt;
    }

    private static String stop(String uid, int attempt) {
        return "stop " + uid + "#" + attempt;
    }

    private static String kill(String container, int attempt) {
        return "stop container " + container + "#" + attempt;
    }

    private static String remove(String container, int attempt) {
        return "remove " + container + "#" + attempt;
    }

    private static String removeSandbox(String uid, int attempt) {
        return "remove sandbox " + uid + "#" + attempt;
    }

    private static String removeData(String uid) {
        return "remove data of " + uid;
    }

    static Stream<Row> outdated() {
        String why = "its ConfigMap default/web changed";
        return Stream.of(
                row("it runs with what is no longer so", desired("v1"), seen(ready("v1", 0, noted(running("app", 3), why))),
                        "stop app#3 since " + why),
                row("it was stopped for that", desired("v1"), seen(ready("v1", 0, noted(exited("app", 3, 143), why))), start("app", 4)),
                row("it was stopped for that, and is not to be restarted", restart(Never),
                        seen(ready("v1", 0, noted(exited("app", 0, 143), why))), start("app", 1)),
                row("it crashed again and again, and may be cured now", desired("v1"),
                        seen(ready("v1", 0, noted(crashed("app", 3, Duration.ofSeconds(80), MINUTE, ZERO), why))), start("app", 4)),
                row("the pod leaves anyway", GONE, seen(ready("v1", 0, noted(running("app", 0), why))), stop("v1", 0)));
    }

    private static ObservedPod.Container noted(ObservedPod.Container c, String why) {
        Map<String, String> annotations = new HashMap<>(c.annotations());
        annotations.put("io.holdfast.config-changed", why);
        return TestPods.observed(c.name(), c.attempt(), c.state(), annotations);
    }

    private static String said(Step step) {
        return switch (step) {
            case Step.StopPod(Sandbox sandbox, _) -> stop(sandbox.uid(), sandbox.attempt());
            case Step.RunSandbox(DesiredPod desired, int attempt) -> runSandbox(desired.uid(), attempt);
            case Step.StartContainer s -> s.delay().value().map(d -> start(s.container().name(), s.attempt(), d))
                    .orElse(start(s.container().name(), s.attempt()));
            case Step.StartCreated(_, var c) -> startCreated(c.name(), c.attempt());
            case Step.StopContainer(_, var c, var grace, _) ->
                kill(c.name(), c.attempt()) + grace.map(g -> " grace " + g).orElse("");
            case Step.StopOutdated(_, _, var c, String why) -> "stop " + c.name() + "#" + c.attempt() + " since " + why;
            case Step.RemoveContainer(_, var container) -> "remove " + container.id();
            case Step.RemoveSandbox(var sandbox) -> "remove sandbox " + sandbox.id();
            case Step.RemoveData(String uid) -> removeData(uid);
        };
    }
}
