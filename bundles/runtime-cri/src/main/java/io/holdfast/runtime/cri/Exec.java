package io.holdfast.runtime.cri;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

import com.google.protobuf.ByteString;

import io.holdfast.runtime.ContainerExec.Result;
import io.holdfast.runtime.cri.wire.ExecSyncRequest;
import io.holdfast.runtime.cri.wire.ExecSyncResponse;
import io.holdfast.runtime.cri.wire.RuntimeServiceGrpc;

/**
 * Runs commands in containers. The engine kills what takes too long, and what nobody waits for any more: its call was
 * interrupted. CRI tells stdout and stderr apart, so that all of the one comes before the other.
 */
final class Exec {

    /** containerd kills the command alone, and then waits for all that still have its output open. */
    private static final Duration AFTER_KILL = Duration.ofSeconds(2);
    /** What a command writes comes in one message; a bigger one is not worth the memory. */
    private static final int MOST_ANSWER = 4 << 20;

    private Exec() {
    }

    static Result run(Connection engine, String id, List<String> command, Duration timeout) throws InterruptedException {
        long seconds = Math.max(1, timeout.plusSeconds(1).minusNanos(1).toSeconds()); // CRI knows whole ones only, 0 is never
        ExecSyncRequest request = ExecSyncRequest.newBuilder().setContainerId(id).addAllCmd(command).setTimeout(seconds)
                .build();
        return engine.begin(RuntimeServiceGrpc.getExecSyncMethod(), request, Duration.ofSeconds(seconds).plus(AFTER_KILL),
                MOST_ANSWER).unless(Errors::isTimeout).map(Exec::exited).orElseGet(() -> new Result.TimedOut(""));
    }

    private static Result exited(ExecSyncResponse answer) {
        ByteString all = answer.getStdout().concat(answer.getStderr());
        return new Result.Exited(answer.getExitCode(),
                all.substring(0, Math.min(all.size(), Result.MOST_OUTPUT)).toString(StandardCharsets.UTF_8));
    }
}
