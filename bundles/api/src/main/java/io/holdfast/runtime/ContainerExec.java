package io.holdfast.runtime;

import java.time.Duration;
import java.util.List;

import org.osgi.annotation.versioning.ConsumerType;

import io.holdfast.runtime.ContainerRuntime.ContainerId;

/**
 * Runs commands in containers, for probes and hooks; a runtime that can do so implements this beside
 * {@link ContainerRuntime}. Errors, threads and interrupts are as there.
 */
@ConsumerType
public interface ContainerExec {

    /**
     * Runs a command to its end, without input, as the container's user.
     *
     * @param timeout after which the command is killed
     * @throws RuntimeRefused it could not be run: the container does not run, or has no such program
     */
    Result exec(ContainerId id, List<String> command, Duration timeout) throws InterruptedException;

    sealed interface Result {

        /** Of what it wrote on stdout and stderr, at most this much is kept. */
        int MOST_OUTPUT = 10 * 1024;

        /** @param output in the order it came, cut after {@value #MOST_OUTPUT} bytes */
        record Exited(int exitCode, String output) implements Result {
        }

        record TimedOut(String output) implements Result {
        }
    }
}
