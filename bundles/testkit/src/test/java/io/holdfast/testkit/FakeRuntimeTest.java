package io.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import io.holdfast.pod.PodName;
import io.holdfast.runtime.ContainerExec.Result;
import io.holdfast.runtime.ContainerRuntime.ContainerId;
import io.holdfast.runtime.ContainerRuntime.Hints;
import io.holdfast.runtime.ContainerRuntime.SandboxId;
import io.holdfast.runtime.ContainerSpec;
import io.holdfast.runtime.Names;
import io.holdfast.runtime.ObservedPod.State;
import io.holdfast.runtime.PullAuth;
import io.holdfast.runtime.RuntimeRefused;
import io.holdfast.runtime.RuntimeUnreachable;
import io.holdfast.runtime.SandboxSpec;
import io.holdfast.runtime.Security;

/** What a test can arrange beyond the contract. */
class FakeRuntimeTest {

    private static final PodName WEB = new PodName("default", "web-n");
    private static final SandboxSpec SANDBOX = new SandboxSpec(WEB, "uid", 0, "web", Path.of("/logs"),
            Map.of(Names.MANAGED, "true"), Map.of(), new SandboxSpec.Namespaces(false, SandboxSpec.Namespaces.Pid.Container, false), List.of(), null,
            "", "", false, Map.of(), null);
    private static final ContainerSpec APP = new ContainerSpec("app", 0, "image-of-busybox:1", "busybox:1",
            List.of("serve"), List.of(), "", List.of(), List.of(), Map.of(), Map.of(), "app/0.log",
            new ContainerSpec.Resources(2, 0, 0, 0, 0), new ContainerSpec.Terminal(false, false, false), Security.DEFAULT, "");

    private final FakeRuntime runtime = new FakeRuntime();

    private ContainerId run() throws InterruptedException {
        runtime.addImage("busybox:1");
        SandboxId sandbox = runtime.runSandbox(SANDBOX);
        ContainerId id = runtime.create(sandbox, SANDBOX, APP);
        runtime.start(id);
        return id;
    }

    private State state() throws InterruptedException {
        return runtime.pod(WEB).orElseThrow().sandboxes().getFirst().containers().getFirst().state();
    }

    @Test
    void writesDownWhatItWasTold() throws Exception {
        runtime.stop(run(), Duration.ofSeconds(30));
        assertThat(runtime.calls()).containsExactly("runSandbox default/web-n#0", "create default/web-n/app#0",
                "start default/web-n/app#0", "stop default/web-n/app#0 grace=30s");
    }

    @Test
    void aContainerCrashesWhenToldTo() throws Exception {
        run();
        runtime.crash(WEB, "app", 42);
        assertThat(state()).isInstanceOfSatisfying(State.Exited.class, e -> assertThat(e.exitCode()).isEqualTo(42));
        assertThatThrownBy(() -> runtime.crash(WEB, "app", 1)).isInstanceOf(AssertionError.class);
    }

    @Test
    void aSandboxDiesWithAllThatIsInIt() throws Exception {
        run();
        runtime.killSandbox(WEB);
        assertThat(runtime.pod(WEB).orElseThrow().sandboxes().getFirst().ready()).isFalse();
        assertThat(state()).isInstanceOf(State.Exited.class);
    }

    @Test
    void isUnreachableUntilConnectedAgainAndWhatRanRunsOn() throws Exception {
        run();
        runtime.disconnect();
        assertThatThrownBy(runtime::pods).isInstanceOf(RuntimeUnreachable.class);
        assertThatThrownBy(() -> runtime.watch(new IgnoringHints())).isInstanceOf(RuntimeUnreachable.class);
        runtime.connect();
        assertThat(state()).isInstanceOf(State.Running.class);
    }

    @Test
    void anAnswerIsLostAfterItHappenedOnce() throws Exception {
        runtime.loseAnswer("runSandbox");
        assertThatThrownBy(() -> runtime.runSandbox(SANDBOX)).isInstanceOf(RuntimeUnreachable.class);
        assertThat(runtime.pod(WEB)).isPresent();
        runtime.stopSandbox(runtime.pod(WEB).orElseThrow().sandboxes().getFirst().id());
    }

    @Test
    void refusesUntilHealed() throws Exception {
        runtime.refuse("pull busybox", "no such host");
        assertThatThrownBy(() -> runtime.pull("busybox:1", PullAuth.NONE)).isInstanceOf(RuntimeRefused.class)
                .hasMessage("no such host");
        runtime.heal("pull busybox");
        assertThat(runtime.pull("busybox:1", PullAuth.NONE).reference()).isEqualTo("busybox:1");
    }

    @Test
    void aBlockedCallHappensWhenHealed() throws Exception {
        ContainerId id = run();
        runtime.block("stop ");
        Thread stopping = Thread.ofVirtual().start(() -> {
            try {
                runtime.stop(id, Duration.ofSeconds(30));
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        assertThat(stopping.join(Duration.ofMillis(20))).isFalse();
        assertThat(state()).isInstanceOf(State.Running.class);
        runtime.heal("stop ");
        assertThat(stopping.join(Duration.ofSeconds(10))).isTrue();
        assertThat(state()).isInstanceOf(State.Exited.class);
    }

    @Test
    void aCommandInAContainerEndsAsArranged() throws Exception {
        ContainerId id = run();
        assertThat(runtime.exec(id, List.of("true"), Duration.ofSeconds(1))).isEqualTo(new Result.Exited(0, ""));
        runtime.answer("exec default/web-n/app#0 cat", new Result.Exited(1, "no such file"));
        assertThat(runtime.exec(id, List.of("cat", "/ready"), Duration.ofSeconds(1)))
                .isEqualTo(new Result.Exited(1, "no such file"));
        runtime.block("exec default/web-n/app#0 sleep");
        assertThat(runtime.exec(id, List.of("sleep", "9"), Duration.ofMillis(5))).isEqualTo(new Result.TimedOut(""));
        assertThat(runtime.calls()).endsWith("exec default/web-n/app#0 cat /ready", "exec default/web-n/app#0 sleep 9");
        runtime.crash(WEB, "app", 1);
        assertThatThrownBy(() -> runtime.exec(id, List.of("true"), Duration.ofSeconds(1)))
                .isInstanceOf(RuntimeRefused.class);
    }

    private static final class IgnoringHints implements Hints {
        @Override
        public void look(PodName name) {
            // not wanted
        }

        @Override
        public void lookAtAll() {
            // not wanted
        }
    }
}
