package io.holdfast.reconciler;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.holdfast.pod.Container;
import io.holdfast.pod.Container.ContainerPort;
import io.holdfast.pod.Container.ImagePullPolicy;
import io.holdfast.pod.Container.Protocol;
import io.holdfast.pod.Container.TerminationMessagePolicy;
import io.holdfast.pod.Container.VolumeMount;
import io.holdfast.pod.EnvFromSource;
import io.holdfast.pod.EnvVar;
import io.holdfast.pod.Handler;
import io.holdfast.pod.Lifecycle;
import io.holdfast.pod.Node;
import io.holdfast.pod.Pod;
import io.holdfast.pod.PodName;
import io.holdfast.pod.PodSecurityContext;
import io.holdfast.pod.PodSpec;
import io.holdfast.pod.PodSpec.DnsConfig;
import io.holdfast.pod.PodSpec.DnsPolicy;
import io.holdfast.pod.PodSpec.HostAlias;
import io.holdfast.pod.PodSpec.LocalObjectReference;
import io.holdfast.pod.PodSpec.RestartPolicy;
import io.holdfast.pod.Probe;
import io.holdfast.pod.Quantity;
import io.holdfast.pod.ResourceRequirements;
import io.holdfast.pod.Volume;
import io.holdfast.runtime.ContainerRuntime.ContainerId;
import io.holdfast.runtime.ContainerRuntime.SandboxId;
import io.holdfast.runtime.Names;
import io.holdfast.runtime.ObservedPod;
import io.holdfast.runtime.ObservedPod.Sandbox;
import io.holdfast.runtime.ObservedPod.State;
import io.holdfast.source.DesiredPod;

/** Pods, wanted and observed, in few words. */
final class TestPods {

    static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
    static final String SOURCE = "file~test";
    static final String IMAGE = "busybox:1";

    record TestNode(String name, String ip, Path stateDirectory, Path podLogDirectory) implements Node {

        static TestNode in(Path directory) {
            return new TestNode("n", "192.0.2.1", directory.resolve("var"), directory.resolve("log/pods"));
        }

        @Override
        public Map<String, String> labels() {
            return Map.of("kubernetes.io/hostname", name);
        }
    }

    private TestPods() {
    }

    static PodDraft pod(String name) {
        return new PodDraft(name);
    }

    static PodName name(String name) {
        return new PodName("default", name);
    }

    static ContainerDraft app(String... command) {
        return container("app", command);
    }

    static ContainerDraft container(String name, String... command) {
        return new ContainerDraft(name, command);
    }

    static final class PodDraft {

        private final String name;
        private String uid = "v1";
        private RestartPolicy policy = RestartPolicy.Always;
        private long grace = 30;
        private boolean hostNetwork;
        private @Nullable String hostname;
        private @Nullable String subdomain;
        private @Nullable String runtimeClass;
        private @Nullable String priorityClass;
        private DnsPolicy dnsPolicy = DnsPolicy.Default;
        private @Nullable DnsConfig dnsConfig;
        private @Nullable PodSecurityContext security;
        private @Nullable Long deadline;
        private @Nullable Integer priority;
        private Instant seen = NOW.minusSeconds(60);
        private final List<String> gates = new ArrayList<>();
        private final List<LocalObjectReference> pullSecrets = new ArrayList<>();
        private final List<Container> containers = new ArrayList<>();
        private final List<Container> init = new ArrayList<>();
        private final List<Volume> volumes = new ArrayList<>();
        private final List<HostAlias> aliases = new ArrayList<>();
        private final Map<String, String> labels = new HashMap<>();
        private final Map<String, String> annotations = new HashMap<>();

        private PodDraft(String name) {
            this.name = name;
        }

        PodDraft edition(String uid) {
            this.uid = uid;
            return this;
        }

        PodDraft restart(RestartPolicy policy) {
            this.policy = policy;
            return this;
        }

        PodDraft grace(long seconds) {
            grace = seconds;
            return this;
        }

        PodDraft hostNetwork() {
            hostNetwork = true;
            return this;
        }

        PodDraft hostname(String hostname) {
            this.hostname = hostname;
            return this;
        }

        /** With a host name that is the full one. */
        PodDraft fqdn(String subdomain) {
            this.subdomain = subdomain;
            return this;
        }

        PodDraft runtimeClass(String runtimeClass) {
            this.runtimeClass = runtimeClass;
            return this;
        }

        PodDraft dns(DnsPolicy policy, @Nullable DnsConfig config) {
            dnsPolicy = policy;
            dnsConfig = config;
            return this;
        }

        PodDraft alias(String ip, String... names) {
            aliases.add(new HostAlias(ip, List.of(names)));
            return this;
        }

        PodDraft label(String key, String value) {
            labels.put(key, value);
            return this;
        }

        PodDraft annotation(String key, String value) {
            annotations.put(key, value);
            return this;
        }

        PodDraft with(ContainerDraft container) {
            containers.add(container.made());
            return this;
        }

        PodDraft init(ContainerDraft container) {
            init.add(container.made());
            return this;
        }

        PodDraft deadline(long seconds) {
            deadline = seconds;
            return this;
        }

        PodDraft seen(Instant first) {
            seen = first;
            return this;
        }

        PodDraft after(String pods) {
            return annotation(Order.AFTER, pods);
        }

        PodDraft priority(int priority) {
            this.priority = priority;
            return this;
        }

        PodDraft priorityClass(String name) {
            priorityClass = name;
            return this;
        }

        PodDraft pullSecret(String name) {
            pullSecrets.add(new LocalObjectReference(name));
            return this;
        }

        PodDraft gate(String condition) {
            gates.add(condition);
            return this;
        }

        PodDraft hostPath(String volume, Path path, Volume.HostPath.Type type) {
            volumes.add(new Volume(volume, new Volume.HostPath(path.toString(), type), null, null, null, null, null));
            return this;
        }

        PodDraft emptyDir(String volume, String medium, @Nullable String limit) {
            volumes.add(new Volume(volume, null,
                    new Volume.EmptyDir(medium, limit == null ? null : new Quantity(limit)), null, null, null, null));
            return this;
        }

        PodDraft volume(Volume volume) {
            volumes.add(volume);
            return this;
        }

        @SuppressWarnings("NullAway") // most may be null, which is not seen across jars
        PodDraft fsGroup(long group) {
            security = new PodSecurityContext(null, null, null, null, List.of(), null, group, null, List.of(), null, null);
            return this;
        }

        Pod made() {
            List<Container> all = containers.isEmpty() ? List.of(app().made()) : containers;
            return new Pod(new Pod.ObjectMeta(name, "default", uid, labels, annotations),
                    new PodSpec(all, init, volumes, policy, grace, deadline, dnsPolicy, dnsConfig, hostNetwork, false,
                            false, false, hostname, subdomain, subdomain != null, aliases, security, pullSecrets, Map.of(), null, null, priorityClass,
                            priority, runtimeClass, gates.stream().map(PodSpec.ReadinessGate::new).toList(), null));
        }

        DesiredPod desired() {
            return new DesiredPod(made(), "{}", SOURCE, name + ".yaml", seen, null, null, List.of());
        }
    }

    static final class ContainerDraft {

        private final String name;
        private final List<String> command;
        private String image = IMAGE;
        private ImagePullPolicy pull = ImagePullPolicy.IfNotPresent;
        private TerminationMessagePolicy lastWords = TerminationMessagePolicy.File;
        private final List<ContainerPort> ports = new ArrayList<>();
        private final List<EnvFromSource> envFrom = new ArrayList<>();
        private final List<EnvVar> env = new ArrayList<>();
        private final List<VolumeMount> mounts = new ArrayList<>();
        private final Map<String, Quantity> requests = new HashMap<>();
        private final Map<String, Quantity> limits = new HashMap<>();

        private @Nullable RestartPolicy policy;
        private @Nullable Probe liveness;
        private @Nullable Probe readiness;
        private @Nullable Probe startup;
        private Lifecycle.@Nullable Hook postStart;
        private Lifecycle.@Nullable Hook preStop;

        private ContainerDraft(String name, String... command) {
            this.name = name;
            this.command = List.of(command);
        }

        ContainerDraft image(String image, ImagePullPolicy pull) {
            this.image = image;
            this.pull = pull;
            return this;
        }

        ContainerDraft hostPort(int port) {
            return hostPort(port, null, Protocol.TCP);
        }

        ContainerDraft hostPort(int port, @Nullable String ip, Protocol protocol) {
            ports.add(new ContainerPort(null, port, port, ip, protocol));
            return this;
        }

        ContainerDraft env(String name, String value) {
            env.add(new EnvVar(name, value, null));
            return this;
        }

        ContainerDraft env(String name, EnvVar.EnvVarSource from) {
            env.add(new EnvVar(name, null, from));
            return this;
        }

        ContainerDraft envFrom(EnvFromSource from) {
            envFrom.add(from);
            return this;
        }

        ContainerDraft mount(VolumeMount mount) {
            mounts.add(mount);
            return this;
        }

        ContainerDraft field(String name, String path) {
            env.add(new EnvVar(name, null, new EnvVar.EnvVarSource(new EnvVar.FieldRef("v1", path), null, null, null)));
            return this;
        }

        ContainerDraft mount(String volume, String at) {
            mounts.add(new VolumeMount(volume, at, false, null, null, null, null));
            return this;
        }

        ContainerDraft request(String resource, String amount) {
            requests.put(resource, new Quantity(amount));
            return this;
        }

        ContainerDraft limit(String resource, String amount) {
            limits.put(resource, new Quantity(amount));
            return this;
        }

        ContainerDraft lastWords(TerminationMessagePolicy policy) {
            lastWords = policy;
            return this;
        }

        ContainerDraft sidecar() {
            policy = RestartPolicy.Always;
            return this;
        }

        ContainerDraft port(String name, int port) {
            ports.add(new ContainerPort(name, port, null, null, Protocol.TCP));
            return this;
        }

        ContainerDraft liveness(Probe probe) {
            liveness = probe;
            return this;
        }

        ContainerDraft readiness(Probe probe) {
            readiness = probe;
            return this;
        }

        ContainerDraft startup(Probe probe) {
            startup = probe;
            return this;
        }

        ContainerDraft postStart(Handler.Exec exec) {
            postStart = new Lifecycle.Hook(exec, null, null, null);
            return this;
        }

        ContainerDraft preStop(Handler handler) {
            preStop = hook(handler);
            return this;
        }

        @SuppressWarnings("NullAway") // restartPolicy may be null, which is not seen across jars
        Container made() {
            return new Container(name, image, command, List.of(), null, ports, envFrom, env,
                    new ResourceRequirements(requests, limits), mounts, liveness, readiness, startup,
                    postStart == null && preStop == null ? null : new Lifecycle(postStart, preStop, null), "/dev/termination-log",
                    lastWords, pull, null, false, false, false, policy);
        }
    }

    static Lifecycle.Hook hook(Handler handler) {
        return switch (handler) {
            case Handler.Exec exec -> new Lifecycle.Hook(exec, null, null, null);
            case Handler.HttpGet get -> new Lifecycle.Hook(null, get, null, null);
            case Handler.TcpSocket tcp -> new Lifecycle.Hook(null, null, tcp, null);
            case Handler.Sleep sleep -> new Lifecycle.Hook(null, null, null, sleep);
            case Handler.Grpc grpc -> throw new IllegalArgumentException(grpc.toString());
        };
    }

    static Handler.Exec command(String... words) {
        return new Handler.Exec(List.of(words));
    }

    /** Each second, one result is enough, but for that many failures. */
    static Probe probe(Handler.Exec exec, int failures) {
        return new Probe(exec, null, null, null, 0, 1, 1, 1, failures, null);
    }

    // ------------------------------------------------------------------ observed

    static Sandbox ready(String uid, int attempt, ObservedPod.Container... containers) {
        return sandbox(uid, attempt, true, containers);
    }

    static Sandbox dead(String uid, int attempt, ObservedPod.Container... containers) {
        return sandbox(uid, attempt, false, containers);
    }

    private static Sandbox sandbox(String uid, int attempt, boolean ready, ObservedPod.Container... containers) {
        return new Sandbox(new SandboxId(uid + "#" + attempt), uid, attempt, ready,
                NOW.minusSeconds(3600 - attempt), List.of("10.0.0." + (attempt + 1)), Map.of(Names.MANAGED, "true"),
                Map.of(Names.SOURCE, SOURCE), List.of(containers));
    }

    static ObservedPod.Container running(String name, int attempt) {
        return observed(name, attempt, new State.Running(NOW.minusSeconds(60)), Map.of());
    }

    static ObservedPod.Container created(String name, int attempt) {
        return observed(name, attempt, new State.Created(), Map.of());
    }

    /** Made by an agent that held it back for so long, and killed before it was started. */
    static ObservedPod.Container created(String name, int attempt, Duration heldBack) {
        return observed(name, attempt, new State.Created(), new RestartDelay(java.util.Optional.of(heldBack)).annotations());
    }

    static ObservedPod.Container unknown(String name, int attempt) {
        return observed(name, attempt, new State.Unknown(), Map.of());
    }

    /** Ended just now. */
    static ObservedPod.Container exited(String name, int attempt, int code) {
        return observed(name, attempt, ended(code, Duration.ofSeconds(5), Duration.ZERO), Map.of());
    }

    /** Had waited {@code heldBack} before its start, ran for {@code ran}, ended {@code ago}. */
    static ObservedPod.Container crashed(String name, int attempt, Duration heldBack, Duration ran, Duration ago) {
        return observed(name, attempt, ended(1, ran, ago), new RestartDelay(java.util.Optional.of(heldBack)).annotations());
    }

    private static State ended(int code, Duration ran, Duration ago) {
        return new State.Exited(code, code == 0 ? "Completed" : "Error", "", NOW.minus(ago).minus(ran), NOW.minus(ago));
    }

    static ObservedPod.Container observed(String name, int attempt, State state, Map<String, String> annotations) {
        return new ObservedPod.Container(new ContainerId(name + "#" + attempt), name, attempt, state, IMAGE,
                "image-of-" + IMAGE, "/var/log/pods/x/" + name + "/" + attempt + ".log", Map.of(), annotations);
    }
}
