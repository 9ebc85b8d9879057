package io.holdfast.runtime.docker;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.holdfast.runtime.ContainerExec.Result;
import io.holdfast.runtime.RuntimeRefused;
import io.holdfast.runtime.RuntimeUnreachable;

/**
 * Runs commands in containers. Docker has no call that ends one, so that what takes too long is killed here, with all
 * that it has started: the agent is root on the Engine's machine. Where it is not, the command is left, with a warning.
 */
final class Exec {

    private static final Logger LOG = LoggerFactory.getLogger(Exec.class);
    /** Docker ends the output a moment before it knows the exit code. */
    private static final Duration SOON = Duration.ofMillis(5);
    /** Who is interrupted is not kept for long. */
    private static final Duration HURRY = Duration.ofSeconds(2);
    private static final int FRAME_HEADER = 8;
    private static final int BATCH = 1 << 13;
    /** As shells have it: it cannot be executed, or is not there. */
    private static final List<Integer> NOT_RUN = List.of(126, 127);

    private final Engine engine;

    Exec(Engine engine) {
        this.engine = engine;
    }

    Result run(String container, List<String> command, Duration timeout) throws InterruptedException {
        Instant deadline = Instant.now().plus(timeout);
        String id = engine.post("/containers/" + container + "/exec",
                Map.of("AttachStdout", true, "AttachStderr", true, "Cmd", command)).get().at("Id").text();
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        FutureTask<Boolean> attached = attach(container, id, output);
        try {
            awaitEnd(attached, timeout);
            Json said = inspect(id, Engine.LIMIT);
            while (isOpen(said) && Instant.now().isBefore(deadline)) {
                Thread.sleep(SOON);
                said = inspect(id, Engine.LIMIT);
            }
            if (isOpen(said)) {
                kill(said.at("Pid").number(), container);
                return new Result.TimedOut(output.toString(UTF_8));
            }
            return exited(said, output.toString(UTF_8));
        } catch (InterruptedException e) {
            killInterrupted(id, container, e);
            throw e;
        } finally {
            attached.cancel(true);
        }
    }

    /** Starts the command and takes what it writes, on a thread of its own: it may say nothing for ever. */
    private FutureTask<Boolean> attach(String container, String id, ByteArrayOutputStream output) {
        FutureTask<Boolean> attached = new FutureTask<>(() -> {
            engine.stream("POST", "/exec/" + id + "/start",
                    new ByteArrayInputStream(Json.write(Map.of("Detach", false, "Tty", false))), Map.of(),
                    body -> take(body, output));
            return true;
        });
        Thread.ofVirtual().name("docker exec in " + container).start(attached);
        return attached;
    }

    /** Returns also when the time is over. */
    private static void awaitEnd(FutureTask<Boolean> attached, Duration timeout) throws InterruptedException {
        try {
            var _ = attached.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            // whether the command itself has ended is asked next: what it has left behind may have its output open
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException said ? said : new IllegalStateException(e);
        }
    }

    /** stdout and stderr come in turn, in frames: a byte that says which, three zeros, four bytes of length. */
    static void take(InputStream in, ByteArrayOutputStream kept) throws IOException {
        byte[] header = new byte[FRAME_HEADER];
        byte[] batch = new byte[BATCH];
        while (in.readNBytes(header, 0, FRAME_HEADER) == FRAME_HEADER) {
            int rest = ByteBuffer.wrap(header).getInt(FRAME_HEADER / 2);
            for (int read = 1; rest > 0 && read > 0; rest -= read) {
                read = in.readNBytes(batch, 0, Math.min(rest, BATCH));
                kept.write(batch, 0, Math.min(read, Result.MOST_OUTPUT - kept.size()));
            }
        }
    }

    private Json inspect(String id, Duration limit) throws InterruptedException {
        return engine.get("/exec/" + id + "/json", limit).get();
    }

    /** It runs, or is about to: there is no exit code yet. */
    private static boolean isOpen(Json said) {
        return said.at("Running").flag() || said.at("ExitCode").value() == null;
    }

    private static Result exited(Json said, String output) {
        int code = (int) said.at("ExitCode").number();
        if (said.at("Pid").number() == 0 && NOT_RUN.contains(code)) { // then the output is Docker's own words
            throw new RuntimeRefused(Errors.withoutWrapping(output.strip()), null);
        }
        return new Result.Exited(code, output);
    }

    private void killInterrupted(String id, String container, InterruptedException interrupt) throws InterruptedException {
        try {
            Json said = inspect(id, HURRY);
            if (isOpen(said)) {
                kill(said.at("Pid").number(), container);
            }
        } catch (RuntimeRefused | RuntimeUnreachable e) {
            interrupt.addSuppressed(e);
        }
    }

    private static void kill(long pid, String container) {
        ProcessHandle.of(pid).filter(p -> isIn(container, pid)).ifPresentOrElse(command -> {
            for (ProcessHandle each : Stream.concat(Stream.of(command), command.descendants()).toList()) {
                if (!each.destroyForcibly() && each.isAlive()) {
                    LOG.warn("process {} in container {} runs on: it did not end in time, and this user may not kill it",
                            each.pid(), container);
                }
            }
        }, () -> LOG.debug("process {} in container {} has just ended", pid, container));
    }

    /** Its number may be another's by now, or belong to another machine's process: a container's group has its id. */
    private static boolean isIn(String container, long pid) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid), "cgroup")).contains(container);
        } catch (IOException e) {
            return false;
        }
    }
}
