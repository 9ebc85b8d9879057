package io.holdfast.shell;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.holdfast.pod.Container;
import io.holdfast.pod.Container.ImagePullPolicy;
import io.holdfast.pod.Container.TerminationMessagePolicy;
import io.holdfast.pod.EnvVar;
import io.holdfast.pod.Pod;
import io.holdfast.pod.PodName;
import io.holdfast.pod.PodSpec;
import io.holdfast.pod.ResourceRequirements;
import io.holdfast.pod.Volume;
import io.holdfast.source.DesiredPod;
import io.holdfast.source.Problem;
import io.holdfast.status.PodEvent;
import io.holdfast.status.PodStatus;
import io.holdfast.status.PodStatus.Condition;
import io.holdfast.status.PodStatus.ContainerStatus;
import io.holdfast.status.PodStatus.Phase;
import io.holdfast.status.PodStatus.QosClass;
import io.holdfast.status.PodStatus.State;
import io.holdfast.status.PodStatuses;
import io.holdfast.status.PodView;

/** Pods to show. */
final class Views {

    static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");
    static final State RUNNING = new State.Running(NOW.minusSeconds(180));

    private Views() {
    }

    static ContainerStatus status(String name, State state) {
        boolean runs = state instanceof State.Running;
        return new ContainerStatus(name, state, null, runs, runs, 0, "busybox:1", "sha256:1234", "containerd://abcd",
                null);
    }

    static ContainerStatus restarted(String name, State state, int times, Duration ago) {
        boolean runs = state instanceof State.Running;
        return new ContainerStatus(name, state, exited(1, "Error", ago), runs, runs, times, "busybox:1",
                "sha256:1234", "containerd://abcd", null);
    }

    static ContainerStatus logging(String name, State state, int restarts, String logPath) {
        return new ContainerStatus(name, state, null, true, true, restarts, "busybox:1", "sha256:1234",
                "containerd://abcd", logPath);
    }

    static State waiting(String reason) {
        return new State.Waiting(reason, "");
    }

    static State.Terminated exited(int code, String reason, Duration ago) {
        return new State.Terminated(code, reason, "", NOW.minus(ago).minusSeconds(60), NOW.minus(ago),
                "containerd://0ld");
    }

    static PodStatus podStatus(Phase phase, List<ContainerStatus> inits, ContainerStatus... containers) {
        return new PodStatus(phase, null, null,
                List.of(new Condition("Ready", phase == Phase.Running, null, null, NOW.minusSeconds(175))),
                "192.0.2.7", List.of("10.88.0.5"), NOW.minusSeconds(180), QosClass.BestEffort, inits,
                List.of(containers));
    }

    static PodView view(String name, PodStatus status) {
        return view(new PodName("default", name), desired(name, null, List.of()), false, status);
    }

    static PodView view(PodName name, @Nullable DesiredPod desired, boolean leaving, PodStatus status) {
        return new PodView(name, "uid-1", desired, "file~main", "cri", leaving, status,
                List.of(new PodEvent(PodEvent.Type.Normal, "Started", "Started container web", 3,
                        NOW.minusSeconds(600), NOW.minusSeconds(170))));
    }

    static DesiredPod desired(String name, @Nullable String held, List<Problem> problems, Container... inits) {
        Pod pod = new Pod(new Pod.ObjectMeta(name, "default", "uid-1", Map.of("app", "web"),
                Map.of("kubernetes.io/config.source", "file")), spec(List.of(inits)));
        String json = """
                {"apiVersion":"v1","kind":"Pod","metadata":{"name":"%s","namespace":"default"},\
                "spec":{"containers":[{"name":"web"}]}}""".formatted(name);
        return new DesiredPod(pod, json, "file~main", "web.yaml", NOW, held, null, problems);
    }

    @SuppressWarnings("NullAway") // does not see that a component of a nested type may be null
    static Container container(String name, PodSpec.@Nullable RestartPolicy restartPolicy) {
        return new Container(name, "busybox:1", List.of("httpd"), List.of("-f"), null,
                List.of(new Container.ContainerPort("http", 8080, 80, null, Container.Protocol.TCP)), List.of(),
                List.of(new EnvVar("MODE", "demo", null),
                        new EnvVar("IP", null,
                                new EnvVar.EnvVarSource(new EnvVar.FieldRef(null, "status.podIP"), null, null, null))),
                ResourceRequirements.NONE,
                List.of(new Container.VolumeMount("data", "/srv", true, null, null, null, null)), null, null, null,
                null, "/dev/termination-log", TerminationMessagePolicy.File, ImagePullPolicy.IfNotPresent, null,
                false, false, false, restartPolicy);
    }

    static PodStatuses statuses(PodView... pods) {
        PodStatuses.Snapshot snapshot = new PodStatuses.Snapshot(1, List.of(pods));
        return new PodStatuses() {
            @Override
            public Snapshot current() {
                return snapshot;
            }

            @Override
            public Snapshot after(long version) {
                return snapshot;
            }
        };
    }

    private static PodSpec spec(List<Container> inits) {
        Volume data = new Volume("data", new Volume.HostPath("/srv/data", Volume.HostPath.Type.Directory), null, null,
                null, null, null);
        return new PodSpec(List.of(container("web", null)), inits, List.of(data), PodSpec.RestartPolicy.Always, 30,
                null, PodSpec.DnsPolicy.ClusterFirst, null, false, false, false, false, null, null, false, List.of(),
                null, List.of(), Map.of(), null, "node1", null, null, null, List.of(), null);
    }
}
