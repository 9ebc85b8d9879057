package io.holdfast.pod;

import java.util.List;

import org.jspecify.annotations.Nullable;

/** One entry of {@code spec.containers} or {@code spec.initContainers}. */
public record Container(String name, String image, List<String> command, List<String> args,
        @Nullable String workingDir, List<ContainerPort> ports, List<EnvFromSource> envFrom, List<EnvVar> env,
        ResourceRequirements resources, List<VolumeMount> volumeMounts, @Nullable Probe livenessProbe,
        @Nullable Probe readinessProbe, @Nullable Probe startupProbe, @Nullable Lifecycle lifecycle,
        String terminationMessagePath, TerminationMessagePolicy terminationMessagePolicy,
        ImagePullPolicy imagePullPolicy, @Nullable SecurityContext securityContext, boolean stdin, boolean stdinOnce,
        boolean tty, PodSpec.@Nullable RestartPolicy restartPolicy) {

    public Container {
        command = Lists.of(command);
        args = Lists.of(args);
        ports = Lists.of(ports);
        envFrom = Lists.of(envFrom);
        env = Lists.of(env);
        resources = resources == null ? ResourceRequirements.NONE : resources;
        volumeMounts = Lists.of(volumeMounts);
    }

    /** Spelled as in the manifest. */
    public enum ImagePullPolicy {
        Always, IfNotPresent, Never
    }

    /** Spelled as in the manifest. */
    public enum TerminationMessagePolicy {
        File, FallbackToLogsOnError
    }

    public record ContainerPort(@Nullable String name, int containerPort, @Nullable Integer hostPort,
            @Nullable String hostIP, Protocol protocol) {
    }

    public enum Protocol {
        TCP, UDP, SCTP
    }

    public record VolumeMount(String name, String mountPath, boolean readOnly, @Nullable String subPath,
            @Nullable String subPathExpr, @Nullable MountPropagation mountPropagation,
            @Nullable String recursiveReadOnly) {
    }

    /** Spelled as in the manifest. */
    public enum MountPropagation {
        None, HostToContainer, Bidirectional
    }
}
