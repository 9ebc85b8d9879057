package io.holdfast.reconciler;

import static io.holdfast.reconciler.Rig.waiting;
import static io.holdfast.reconciler.TestPods.app;
import static io.holdfast.reconciler.TestPods.command;
import static io.holdfast.reconciler.TestPods.name;
import static io.holdfast.reconciler.TestPods.pod;
import static io.holdfast.reconciler.TestPods.probe;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.holdfast.pod.Container.ImagePullPolicy;
import io.holdfast.pod.Volume.HostPath.Type;
import io.holdfast.reconciler.TestPods.PodDraft;
import io.holdfast.runtime.ContainerExec.Result;
import io.holdfast.status.PodEvent;
import io.holdfast.testkit.FakeRuntime;

/** What is told of a pod, in the kubelet's words. */
@Timeout(60)
class EventsTest {

    private static final Result BAD = new Result.Exited(1, "bad");

    @TempDir
    Path directory;

    /** @param given before the pod is wanted; @param then once the first of the events is there */
    record Row(String sentence, PodDraft pod, Consumer<FakeRuntime> given, Consumer<FakeRuntime> then, List<String> events) {

        @Override
        public String toString() {
            return sentence;
        }
    }

    private static Row row(String sentence, PodDraft pod, Consumer<FakeRuntime> given, String... events) {
        return new Row(sentence, pod, given, _ -> { }, List.of(events));
    }

    private static Row row(String sentence, PodDraft pod, Consumer<FakeRuntime> given, Consumer<FakeRuntime> then, String... events) {
        return new Row(sentence, pod, given, then, List.of(events));
    }

    private static PodDraft pulling(ImagePullPolicy policy) {
        return pod("web-n").with(app().image("web:1", policy));
    }

    static Stream<Row> rows() {
        String started = "Normal Started: Started container app";
        return Stream.of(
                row("a pod starts", pod("web-n"), _ -> { }, "Normal Scheduled: Successfully assigned default/web-n to n",
                        "Normal Pulled: Container image \"busybox:1\" already present on machine",
                        "Normal Created: Created container: app", started),
                row("its image is pulled", pulling(ImagePullPolicy.Always), _ -> { },
                        "Normal Pulling: Pulling image \"web:1\"", "Normal Pulled: Successfully pulled image \"web:1\"", started),
                row("its image cannot be pulled", pulling(ImagePullPolicy.Always), r -> r.refuse("pull", "no such host"),
                        "Warning Failed: Failed to pull image \"web:1\": no such host", "Warning Failed: Error: ErrImagePull",
                        "Normal BackOff: Back-off pulling image \"web:1\"", "Warning Failed: Error: ImagePullBackOff"),
                row("its image is not to be pulled", pulling(ImagePullPolicy.Never), _ -> { },
                        "Warning ErrImageNeverPull: Container image \"web:1\" is not present with pull policy of Never",
                        "Warning Failed: Error: ErrImageNeverPull"),
                row("its sandbox cannot be made", pod("web-n"), r -> r.refuse("runSandbox", "no network"),
                        "Warning FailedCreatePodSandBox: Failed to create pod sandbox: no network"),
                row("its container cannot be made", pod("web-n"), r -> r.refuse("create", "no"), "Warning Failed: Error: no"),
                row("its container cannot be started", pod("web-n"), r -> r.refuse("start", "no such file"),
                        "Warning Failed: Error: no such file"),
                row("its volume is not there", pod("web-n").hostPath("data", Path.of("/nonexistent"), Type.Directory), _ -> { },
                        "Warning FailedMount: volume \"data\": hostPath type check failed: /nonexistent is missing; expected a Directory"),
                row("its sandbox dies", pod("web-n"), _ -> { }, r -> r.killSandbox(name("web-n")),
                        started, "Normal SandboxChanged: Pod sandbox changed, it will be killed and re-created."),
                row("it crashes again and again", pod("web-n").with(app("/bin/sh", "-c", "exit 1")), _ -> { }, started,
                        "Warning BackOff: Back-off restarting failed container app in pod web-n_default(v1)"),
                row("its liveness probe fails", pod("web-n").with(app().liveness(probe(command("up"), 1))),
                        r -> r.answer("exec", BAD), "Warning Unhealthy: Liveness probe failed: bad",
                        "Normal Killing: Container app failed liveness probe, will be restarted"),
                row("its startup probe fails", pod("web-n").with(app().startup(probe(command("up"), 9))),
                        r -> r.answer("exec", BAD), "Warning Unhealthy: Startup probe failed: bad"),
                row("its readiness probe fails", pod("web-n").with(app().readiness(probe(command("up"), 9))),
                        r -> r.answer("exec", BAD), "Warning Unhealthy: Readiness probe failed: bad"),
                row("its hook fails after the start", pod("web-n").with(app().postStart(command("warm"))),
                        r -> r.answer("exec", BAD), "Warning FailedPostStartHook: PostStartHook failed: bad",
                        "Normal Killing: Container app failed its postStart hook, will be restarted"),
                row("its hook fails before the stop", pod("web-n").with(app().preStop(command("flush"))).deadline(1), r -> r.answer("exec", BAD),
                        "Normal Killing: Stopping container app: Pod was active on the node longer than the specified deadline",
                        "Warning FailedPreStopHook: PreStopHook failed: bad"),
                row("its time is over", pod("web-n").deadline(1), _ -> { }, started,
                        "Normal DeadlineExceeded: Pod was active on the node longer than the specified deadline"));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void isToldOf(Row row) throws InterruptedException {
        FakeRuntime runtime = new FakeRuntime();
        runtime.addImage(TestPods.IMAGE);
        row.given().accept(runtime);
        Rig rig = new Rig(runtime, directory);
        try {
            rig.want(row.pod().seen(Instant.now()));
            waiting().until(() -> events(rig).contains(row.events().getFirst()));
            row.then().accept(runtime);
            waiting().untilAsserted(() -> assertThat(events(rig)).containsAll(row.events()));
        } finally {
            rig.close();
        }
    }

    private static List<String> events(Rig rig) {
        return rig.view("web-n").stream().flatMap(v -> v.events().stream())
                .map(e -> e.type() + " " + e.reason() + ": " + e.message()).toList();
    }

    @Test
    void theSameAgainIsCountedAndOnlyTheLastAreKept() {
        EventLog log = new EventLog(name("web-n"));
        Instant first = TestPods.NOW;
        log.warning(first, "BackOff", "again");
        IntStream.range(0, 60).forEach(i -> log.normal(first.plusSeconds(i), "Started", "container " + i));
        assertThat(log.events()).hasSize(50).noneMatch(e -> e.reason().equals("BackOff"));
        log.detail(first.plusSeconds(99), "Started", "container 30");
        assertThat(log.events()).hasSize(50).last()
                .isEqualTo(new PodEvent(PodEvent.Type.Normal, "Started", "container 30", 2, first.plusSeconds(30), first.plusSeconds(99)));
    }
}
