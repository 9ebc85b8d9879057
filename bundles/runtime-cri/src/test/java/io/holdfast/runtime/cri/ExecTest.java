package io.holdfast.runtime.cri;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.google.protobuf.ByteString;

import io.grpc.Status;
import io.holdfast.runtime.ContainerExec.Result;
import io.holdfast.runtime.ContainerRuntime.ContainerId;
import io.holdfast.runtime.RuntimeRefused;
import io.holdfast.runtime.RuntimeUnreachable;
import io.holdfast.runtime.cri.FakeCri.Services;
import io.holdfast.runtime.cri.wire.ExecSyncResponse;

/** How a command's end is understood; the real thing is in the contract. */
class ExecTest {

    @TempDir
    Path dir;

    private FakeCri engine;
    private CriRuntime runtime;

    @BeforeEach
    void connect() throws Exception {
        engine = new FakeCri(dir.resolve("s"), Services.CRI);
        runtime = new CriRuntime("unix://" + dir.resolve("s"));
    }

    @AfterEach
    void close() throws Exception {
        runtime.close();
        engine.close();
    }

    private Result exec(Duration timeout) throws InterruptedException {
        return runtime.exec(new ContainerId("c"), List.of("probe"), timeout);
    }

    private void ends(int code, String stdout, String stderr) {
        engine.exec = (_, to) -> FakeCri.answer(to, ExecSyncResponse.newBuilder().setExitCode(code)
                .setStdout(ByteString.copyFromUtf8(stdout)).setStderr(ByteString.copyFromUtf8(stderr)).build());
    }

    private void fails(Status status, String words) {
        engine.exec = (_, to) -> to.onError(status.withDescription(words).asException());
    }

    @Test
    void whatItWroteIsStdoutAndThenStderrUpToALimit() throws Exception {
        ends(3, "out", "err");
        assertThat(exec(Duration.ofSeconds(1))).isEqualTo(new Result.Exited(3, "outerr"));
        ends(0, "x".repeat(8_000), "y".repeat(8_000));
        assertThat(exec(Duration.ofSeconds(1))).isEqualTo(
                new Result.Exited(0, "x".repeat(8_000) + "y".repeat(Result.MOST_OUTPUT - 8_000)));
    }

    @Test
    void theEngineIsToldWholeSecondsAndNeverForever() throws Exception {
        AtomicLong seconds = new AtomicLong();
        for (var told : List.of(List.of(0L, 1L), List.of(1L, 1L), List.of(1000L, 1L), List.of(1001L, 2L))) {
            engine.exec = (request, to) -> {
                seconds.set(request.getTimeout());
                FakeCri.answer(to, ExecSyncResponse.getDefaultInstance());
            };
            exec(Duration.ofMillis(told.getFirst()));
            assertThat(seconds.get()).as("of %s ms", told.getFirst()).isEqualTo(told.getLast());
        }
    }

    @Test
    void howeverTheEngineSaysItTooLongIsTooLong() throws Exception { // P1
        fails(Status.DEADLINE_EXCEEDED, "command timed out");
        assertThat(exec(Duration.ofSeconds(1))).isEqualTo(new Result.TimedOut(""));
        fails(Status.UNKNOWN, "failed to exec in container: timeout 1s exceeded: context deadline exceeded");
        assertThat(exec(Duration.ofSeconds(1))).isEqualTo(new Result.TimedOut(""));
        engine.exec = (_, _) -> { // as containerd does while the command's children have its output open
        };
        assertThat(exec(Duration.ofMillis(1))).isEqualTo(new Result.TimedOut(""));
    }

    @Test
    void anErrorIsNoResult() { // P3
        fails(Status.NOT_FOUND, "no running task found");
        assertThatThrownBy(() -> exec(Duration.ofSeconds(1))).isInstanceOf(RuntimeRefused.class)
                .hasMessage("no running task found");
        fails(Status.UNAVAILABLE, "going away");
        assertThatThrownBy(() -> exec(Duration.ofSeconds(1))).isInstanceOf(RuntimeUnreachable.class);
    }

    @Test
    void outputThatWouldFillTheMemoryIsAnErrorAndTheConnectionGoesOn() throws Exception {
        ends(0, "x".repeat(5 << 20), "");
        assertThatThrownBy(() -> exec(Duration.ofSeconds(5))).isInstanceOf(RuntimeRefused.class)
                .hasMessageContaining("exceeds maximum size");
        ends(0, "fine", "");
        assertThat(exec(Duration.ofSeconds(1))).isEqualTo(new Result.Exited(0, "fine"));
    }
}
