package io.holdfast.runtime.cri;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.holdfast.pod.PodName;
import io.holdfast.runtime.ContainerRuntime.ContainerId;
import io.holdfast.runtime.ContainerRuntime.SandboxId;
import io.holdfast.runtime.Names;
import io.holdfast.runtime.ObservedPod;
import io.holdfast.runtime.ObservedPod.Sandbox;
import io.holdfast.runtime.ObservedPod.State;
import io.holdfast.runtime.cri.Connection.Pending;
import io.holdfast.runtime.cri.wire.Container;
import io.holdfast.runtime.cri.wire.ContainerFilter;
import io.holdfast.runtime.cri.wire.ContainerState;
import io.holdfast.runtime.cri.wire.ContainerStatus;
import io.holdfast.runtime.cri.wire.ContainerStatusRequest;
import io.holdfast.runtime.cri.wire.ContainerStatusResponse;
import io.holdfast.runtime.cri.wire.ListContainersRequest;
import io.holdfast.runtime.cri.wire.ListContainersResponse;
import io.holdfast.runtime.cri.wire.ListPodSandboxRequest;
import io.holdfast.runtime.cri.wire.ListPodSandboxResponse;
import io.holdfast.runtime.cri.wire.PodIP;
import io.holdfast.runtime.cri.wire.PodSandbox;
import io.holdfast.runtime.cri.wire.PodSandboxFilter;
import io.holdfast.runtime.cri.wire.PodSandboxMetadata;
import io.holdfast.runtime.cri.wire.PodSandboxNetworkStatus;
import io.holdfast.runtime.cri.wire.PodSandboxState;
import io.holdfast.runtime.cri.wire.PodSandboxStatusRequest;
import io.holdfast.runtime.cri.wire.PodSandboxStatusResponse;
import io.holdfast.runtime.cri.wire.RuntimeServiceGrpc;
import io.holdfast.runtime.cri.wire.TaskExit;

/**
 * Looks at the engine: two lists, sent together, and what the lists lack (start times, exit codes, addresses) for those
 * sandboxes and containers that are new or have changed their state; the rest is remembered.
 */
final class Looks {

    static final Duration LIMIT = Duration.ofMinutes(2);
    private static final int KILLED = 137;
    /** What containerd says when the caller goes away: of its own call, and of the shim that it was just starting. */
    private static final Pattern CUT_OFF = Pattern.compile("context canceled|failed to start shim: .*signal: killed");

    private record Known(ContainerState state, ContainerStatus status) {
    }

    private final Connection engine;
    private final Map<String, Known> statuses = new ConcurrentHashMap<>();
    private final Map<String, List<String>> addresses = new ConcurrentHashMap<>();
    /** The pod of each sandbox and container that was ever seen and may still be there. */
    private final Map<String, PodName> owners = new ConcurrentHashMap<>();

    private final Ends ends = new Ends();
    private final Instant since = Instant.now();

    Looks(Connection engine) {
        this.engine = engine;
    }

    /** Whether a look has shown that an agent that was killed while it started the container left it so. */
    boolean wasCutOff(ContainerId id) {
        Known known = statuses.get(id.value());
        return known != null && wasCutOff(known.status());
    }

    private boolean wasCutOff(ContainerStatus s) {
        return s.getReason().equals("StartError") && CUT_OFF.matcher(s.getMessage()).find()
                && instant(s.getCreatedAt()).isBefore(since);
    }

    List<ObservedPod> all() throws InterruptedException {
        Listed listed = list(Map.of(Names.MANAGED, "true"));
        Set<String> ids = new HashSet<>(listed.ids());
        statuses.keySet().retainAll(ids);
        addresses.keySet().retainAll(ids);
        owners.keySet().retainAll(ids);
        ends.prune(ids);
        return observe(listed);
    }

    Optional<ObservedPod> one(PodName name) throws InterruptedException {
        return observe(list(Map.of(Names.MANAGED, "true", Names.POD_NAMESPACE, name.namespace(), Names.POD_NAME,
                name.name()))).stream().filter(p -> p.name().equals(name)).findFirst();
    }

    /** Of which pod a sandbox or container is; empty when it is none of ours, or is gone and was never seen. */
    Optional<PodName> ownerOf(String id) throws InterruptedException {
        PodName known = owners.get(id);
        if (known == null) {
            list(Map.of(Names.MANAGED, "true"));
            known = owners.get(id);
        }
        return Optional.ofNullable(known);
    }

    void owned(String id, PodName by) {
        owners.put(id, by);
    }

    /**
     * The main process of a sandbox or container has ended, as a look shows from now on; the engine's lists follow when
     * it has tidied up.
     *
     * @return its pod, if it is ours
     */
    Optional<PodName> ended(TaskExit exit) throws InterruptedException {
        Optional<PodName> owner = ownerOf(exit.getContainerId());
        owner.ifPresent(_ -> ends.ended(exit));
        return owner;
    }

    void ranOutOfMemory(String id) throws InterruptedException {
        if (ownerOf(id).isPresent()) {
            ends.outOfMemory(id);
        }
    }

    private record Listed(List<PodSandbox> sandboxes, List<Container> containers) {

        List<String> ids() {
            List<String> ids = new ArrayList<>();
            sandboxes.forEach(s -> ids.add(s.getId()));
            containers.forEach(c -> ids.add(c.getId()));
            return ids;
        }
    }

    private Listed list(Map<String, String> labels) throws InterruptedException {
        Pending<ListPodSandboxResponse> sandboxes = engine.begin(RuntimeServiceGrpc.getListPodSandboxMethod(),
                ListPodSandboxRequest.newBuilder()
                        .setFilter(PodSandboxFilter.newBuilder().putAllLabelSelector(labels)).build(),
                LIMIT);
        Pending<ListContainersResponse> containers = engine.begin(RuntimeServiceGrpc.getListContainersMethod(),
                ListContainersRequest.newBuilder()
                        .setFilter(ContainerFilter.newBuilder().putAllLabelSelector(labels)).build(),
                LIMIT);
        Listed listed = new Listed(sandboxes.get().getItemsList(), containers.get().getContainersList());
        Map<String, PodName> bySandbox = new HashMap<>();
        for (PodSandbox sandbox : listed.sandboxes()) {
            bySandbox.put(sandbox.getId(), nameOf(sandbox));
        }
        owners.putAll(bySandbox);
        for (Container container : listed.containers()) {
            PodName name = bySandbox.get(container.getPodSandboxId());
            if (name != null) {
                owners.put(container.getId(), name);
            }
        }
        return listed;
    }

    private List<ObservedPod> observe(Listed listed) throws InterruptedException {
        Map<String, List<String>> ips = addressesOf(listed.sandboxes());
        Map<String, ContainerStatus> details = statusesOf(listed.containers());
        Map<String, List<ObservedPod.Container>> inside = new HashMap<>();
        listed.containers().stream().sorted(Comparator.comparingLong(Container::getCreatedAt).reversed())
                .forEach(c -> inside.computeIfAbsent(c.getPodSandboxId(), _ -> new ArrayList<>())
                        .add(container(c, details.getOrDefault(c.getId(), ContainerStatus.getDefaultInstance()))));
        Map<PodName, List<Sandbox>> pods = listed.sandboxes().stream()
                .sorted(Comparator.comparingLong(PodSandbox::getCreatedAt).reversed())
                .collect(Collectors.groupingBy(Looks::nameOf, Collectors.mapping(
                        s -> sandbox(s, ips.getOrDefault(s.getId(), List.of()),
                                inside.getOrDefault(s.getId(), List.of())),
                        Collectors.toList())));
        return pods.entrySet().stream().map(e -> new ObservedPod(e.getKey(), e.getValue()))
                .sorted(Comparator.comparing(ObservedPod::name)).toList();
    }

    private static PodName nameOf(PodSandbox sandbox) {
        return new PodName(sandbox.getMetadata().getNamespace(), sandbox.getMetadata().getName());
    }

    private Sandbox sandbox(PodSandbox s, List<String> ips, List<ObservedPod.Container> containers) {
        PodSandboxMetadata meta = s.getMetadata();
        return new Sandbox(new SandboxId(s.getId()), meta.getUid(), meta.getAttempt(),
                s.getState() == PodSandboxState.SANDBOX_READY && !ends.has(s.getId()), instant(s.getCreatedAt()), ips,
                s.getLabelsMap(), s.getAnnotationsMap(), containers);
    }

    private ObservedPod.Container container(Container c, ContainerStatus status) {
        String asked = c.getImage().getUserSpecifiedImage();
        String named = status.getImage().getImage().isEmpty() ? c.getImage().getImage() : status.getImage().getImage();
        return new ObservedPod.Container(new ContainerId(c.getId()), c.getMetadata().getName(),
                c.getMetadata().getAttempt(), state(c, status), asked.isEmpty() ? named : asked,
                status.getImageRef().isEmpty() ? c.getImageRef() : status.getImageRef(),
                status.getLogPath().isEmpty() ? null : status.getLogPath(), c.getLabelsMap(), c.getAnnotationsMap());
    }

    /** The list's state, unless an event has told more; the status may be newer, and the next look will have it. */
    private State state(Container listed, ContainerStatus s) {
        return switch (listed.getState()) {
            case CONTAINER_CREATED -> new State.Created();
            case CONTAINER_RUNNING -> ends.of(listed.getId(), instant(s.getStartedAt()));
            // containerd takes the time of the start last: what ends at once would have ended before
            case CONTAINER_EXITED -> wasCutOff(s) ? new State.Unknown() : new State.Exited(s.getExitCode(), s.getReason(),
                    s.getMessage(), instant(s.getStartedAt()), instant(Math.max(s.getStartedAt(), s.getFinishedAt())));
            case CONTAINER_UNKNOWN, UNRECOGNIZED -> new State.Unknown();
        };
    }

    private static Instant instant(long nanos) {
        return Instant.ofEpochSecond(0, nanos);
    }

    /** For each container, what its status says in the state that was listed. */
    private Map<String, ContainerStatus> statusesOf(List<Container> containers) throws InterruptedException {
        Map<String, ContainerStatus> found = new HashMap<>();
        Map<Container, Pending<ContainerStatusResponse>> asked = new HashMap<>();
        for (Container c : containers) {
            Known known = statuses.get(c.getId());
            if (known != null && known.state() == c.getState()) {
                found.put(c.getId(), known.status());
            } else {
                asked.put(c, statusOf(c.getId()));
            }
        }
        for (Map.Entry<Container, Pending<ContainerStatusResponse>> entry : asked.entrySet()) {
            Container c = entry.getKey();
            ContainerStatus status = entry.getValue().orIfGone(ContainerStatusResponse.getDefaultInstance())
                    .getStatus();
            if (status.getState() == c.getState() && isFinal(status)) {
                statuses.put(c.getId(), new Known(c.getState(), status));
            }
            found.put(c.getId(), status);
        }
        return found;
    }

    /** Of a killed container the engine may learn a moment later only that memory was the reason. */
    private static boolean isFinal(ContainerStatus s) {
        return s.getState() != ContainerState.CONTAINER_EXITED || s.getExitCode() != KILLED
                || instant(s.getFinishedAt()).isBefore(Instant.now().minusSeconds(1));
    }

    private Map<String, List<String>> addressesOf(List<PodSandbox> sandboxes) throws InterruptedException {
        Map<String, Pending<PodSandboxStatusResponse>> asked = new HashMap<>();
        for (PodSandbox s : sandboxes) {
            if (s.getState() == PodSandboxState.SANDBOX_READY && !addresses.containsKey(s.getId())) {
                asked.put(s.getId(), sandboxStatusOf(s.getId()));
            }
        }
        for (Map.Entry<String, Pending<PodSandboxStatusResponse>> entry : asked.entrySet()) {
            addresses.put(entry.getKey(), addresses(entry.getValue()
                    .orIfGone(PodSandboxStatusResponse.getDefaultInstance()).getStatus().getNetwork()));
        }
        return addresses;
    }

    private static List<String> addresses(PodSandboxNetworkStatus network) {
        List<String> ips = new ArrayList<>();
        if (!network.getIp().isEmpty()) {
            ips.add(network.getIp());
        }
        network.getAdditionalIpsList().stream().map(PodIP::getIp).forEach(ips::add);
        return List.copyOf(ips);
    }

    private Pending<ContainerStatusResponse> statusOf(String id) {
        return engine.begin(RuntimeServiceGrpc.getContainerStatusMethod(),
                ContainerStatusRequest.newBuilder().setContainerId(id).build(), LIMIT);
    }

    private Pending<PodSandboxStatusResponse> sandboxStatusOf(String id) {
        return engine.begin(RuntimeServiceGrpc.getPodSandboxStatusMethod(),
                PodSandboxStatusRequest.newBuilder().setPodSandboxId(id).build(), LIMIT);
    }
}
