package io.holdfast.runtime;

import java.util.List;
import java.util.Map;

import io.holdfast.pod.Container.MountPropagation;

/**
 * What an engine needs to create a container. Command, arguments and environment are final: nothing is left to expand.
 *
 * @param attempt from 0, one more for each restart
 * @param imageId as {@link ContainerRuntime.Image#id()}
 * @param image the reference that was asked for
 * @param workingDir empty for the image's
 * @param env in order, names unique
 * @param logPath relative to the sandbox's log directory
 * @param stopSignal such as {@code SIGUSR1}, empty for the image's
 */
public record ContainerSpec(String name, int attempt, String imageId, String image, List<String> command,
        List<String> args, String workingDir, List<Env> env, List<Mount> mounts, Map<String, String> labels,
        Map<String, String> annotations, String logPath, Resources resources, Terminal terminal, Security security,
        String stopSignal) {

    public ContainerSpec {
        command = List.copyOf(command);
        args = List.copyOf(args);
        env = List.copyOf(env);
        mounts = List.copyOf(mounts);
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
    }

    /** What it is set to may be a secret, and is not shown by {@code toString}. */
    public record Env(String name, String value) {

        @Override
        public String toString() {
            return name + "=…";
        }
    }

    public record Mount(String containerPath, String hostPath, Access access, MountPropagation propagation) {

        /** {@code ReadOnly} may leave what is mounted below writable, the recursive ones do not. */
        public enum Access {
            ReadWrite, ReadOnly,
            /** Or {@code ReadOnly}, where the engine cannot do it. */
            RecursiveReadOnlyIfPossible,
            /** An engine that cannot do it refuses the container. */
            RecursiveReadOnly
        }
    }

    /**
     * @param cpuShares relative weight, 2 or more, or 0 to leave it
     * @param cpuQuota microseconds of cpu in each period, or 0 for no limit
     * @param cpuPeriod microseconds
     * @param memoryLimit bytes, or 0 for no limit
     * @param oomScoreAdj -1000 to 1000
     */
    public record Resources(long cpuShares, long cpuQuota, long cpuPeriod, long memoryLimit, int oomScoreAdj) {
    }

    public record Terminal(boolean stdin, boolean stdinOnce, boolean tty) {
    }
}
