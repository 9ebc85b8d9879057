package io.holdfast.reconciler;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

import io.holdfast.pod.Container;
import io.holdfast.pod.Container.MountPropagation;
import io.holdfast.pod.Node;
import io.holdfast.pod.Pod;
import io.holdfast.pod.PodSpec;
import io.holdfast.runtime.ContainerRuntime.Image;
import io.holdfast.runtime.ContainerSpec;
import io.holdfast.runtime.ContainerSpec.Mount;
import io.holdfast.runtime.ContainerSpec.Mount.Access;
import io.holdfast.runtime.Names;
import io.holdfast.runtime.SandboxSpec;
import io.holdfast.runtime.SandboxSpec.Namespaces.Pid;
import io.holdfast.runtime.SandboxSpec.PortMapping;
import io.holdfast.source.DesiredPod;

/** A Pod in the words of the container runtime, with the kubelet's labels and annotations (behaviour R8). */
record Specs(Node node, DesiredPod desired, PodDirectory directory) {

    private static final Path ROOT = Path.of("/");
    /** Annotation on sandboxes: the engine's handler that they were made with. */
    static final String HANDLER = "io.holdfast.handler";

    private static final String HOSTS = "/etc/hosts";

    static Specs of(Node node, DesiredPod desired) {
        return new Specs(node, desired, PodDirectory.of(node, desired.name(), desired.uid()));
    }

    /** @param policy of this node */
    SandboxSpec sandbox(int attempt, String handler, String cgroupParent, Policy policy) throws IOException {
        Pod pod = desired.pod();
        Path resolvConf = policy.resolvConf().isPresent() ? policy.resolvConf().get() : Dns.file(pod.spec(), ROOT);
        Map<String, String> labels = new HashMap<>(pod.metadata().labels());
        labels.putAll(identity());
        Map<String, String> annotations = new HashMap<>(pod.metadata().annotations());
        annotations.put(Names.SOURCE, desired.source());
        annotations.put(Names.ORIGIN, desired.origin());
        if (!handler.isEmpty()) {
            annotations.put(HANDLER, handler);
        }
        if (Order.priority(pod.spec()) != 0) {
            annotations.put(Order.PRIORITY, Integer.toString(Order.priority(pod.spec())));
        }
        return new SandboxSpec(desired.name(), desired.uid(), attempt,
                pod.spec().hostNetwork() ? "" : Hostname.kernel(pod), directory.logs(), labels, annotations,
                new SandboxSpec.Namespaces(pod.spec().hostNetwork(), pid(pod.spec()), pod.spec().hostIPC()),
                ports(pod), Dns.of(pod.spec(), resolvConf), cgroupParent, handler, Confinement.isPrivileged(pod.spec()),
                Sysctls.of(pod.spec()), Confinement.seLinux(pod.spec()));
    }

    private static Pid pid(PodSpec spec) {
        return spec.hostPID() ? Pid.Node : spec.shareProcessNamespace() ? Pid.Pod : Pid.Container;
    }

    private static List<PortMapping> ports(Pod pod) {
        if (pod.spec().hostNetwork()) {
            return List.of(); // the process listens on the node itself
        }
        return Containers.lasting(pod.spec()).flatMap(c -> c.ports().stream())
                .map(p -> new PortMapping(p.protocol(), p.containerPort(), p.hostPort() == null ? 0 : p.hostPort(),
                        p.hostIP() == null ? "" : p.hostIP()))
                .toList();
    }

    /**
     * One container of the pod.
     *
     * @param config what it is given
     * @param policy of this node
     */
    ContainerSpec container(Container container, int attempt, RestartDelay delay, Image image, ContainerConfig config,
            Policy policy) throws IOException {
        Environment environment = config.environment();
        Map<String, String> labels = new HashMap<>(identity());
        labels.put(Names.CONTAINER_NAME, container.name());
        return new ContainerSpec(container.name(), attempt, image.id(), container.image(),
                environment.expand(container.command()), environment.expand(container.args()),
                container.workingDir() == null ? "" : container.workingDir(), environment.list(),
                mounts(container, attempt, config.mounts()), labels, annotations(container, attempt, delay, config.read()),
                PodDirectory.log(container.name(), attempt), CgroupMath.of(container),
                new ContainerSpec.Terminal(container.stdin(), container.stdinOnce(), container.tty()),
                Confinement.of(desired.pod().spec(), container, policy), Ending.stopSignal(container));
    }

    private Map<String, String> identity() {
        return Map.of(Names.POD_NAME, desired.name().name(), Names.POD_NAMESPACE, desired.name().namespace(),
                Names.POD_UID, desired.uid(), Names.MANAGED, "true");
    }

    private Map<String, String> annotations(Container container, int attempt, RestartDelay delay, String read) {
        CRC32 hash = new CRC32();
        hash.update(container.toString().getBytes(StandardCharsets.UTF_8));
        Map<String, String> annotations = new HashMap<>(delay.annotations());
        if (!read.isEmpty()) {
            annotations.put(ReadConfig.ANNOTATION, read);
        }
        annotations.put(Names.CONTAINER_HASH, Long.toHexString(hash.getValue()));
        annotations.put(Names.RESTART_COUNT, Integer.toString(attempt));
        annotations.put(Names.TERMINATION_MESSAGE_PATH, container.terminationMessagePath());
        annotations.put(Names.TERMINATION_MESSAGE_POLICY, container.terminationMessagePolicy().name());
        annotations.putAll(Ending.of(desired.pod().spec(), container).annotations());
        return annotations;
    }

    private List<Mount> mounts(Container container, int attempt, List<Mount> volumes) {
        List<Mount> mounts = new ArrayList<>(volumes);
        if (volumes.stream().noneMatch(m -> m.containerPath().equals(HOSTS))) {
            mounts.add(new Mount(HOSTS, directory.hosts().toString(), Access.ReadWrite, MountPropagation.None));
        }
        mounts.add(new Mount(container.terminationMessagePath(),
                directory.terminationMessage(container.name(), attempt).toString(), Access.ReadWrite, MountPropagation.None));
        return mounts;
    }
}
