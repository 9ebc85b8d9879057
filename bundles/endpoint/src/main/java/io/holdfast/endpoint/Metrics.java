package io.holdfast.endpoint;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;

import io.holdfast.kit.log.ContainerLog;
import io.holdfast.status.PodStatus.ContainerStatus;
import io.holdfast.status.PodStatus.Phase;
import io.holdfast.status.PodStatus.State;
import io.holdfast.status.PodStatuses;
import io.holdfast.status.PodView;
import io.holdfast.status.Publication;

/** {@code /metrics}: figures are taken when they are asked for, none is kept; names are the kubelet's where it has them. */
record Metrics(Services services, String version) {

    byte[] text() throws IOException {
        Figures figures = new Figures();
        figures.info("holdfast_build", "The agent.", "version", version, "java", Runtime.version().toString());
        PodStatuses statuses = services.statuses;
        if (statuses != null) {
            pods(figures, statuses.current().pods());
        }
        publications(figures);
        AgentProcess.measure(figures);
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        figures.write(text);
        return text.toByteArray();
    }

    private static void pods(Figures figures, List<PodView> pods) {
        for (Phase phase : Phase.values()) {
            figures.gauge("holdfast_pods", "Pods by phase.", count(pods, phase), "phase", phase.name());
        }
        figures.gauge("kubelet_running_pods", "Pods with a container that runs.", (double) pods.stream()
                .filter(pod -> ContainerLog.containers(pod).anyMatch(c -> c.state() instanceof State.Running)).count());
        Map<String, Long> states = pods.stream().flatMap(ContainerLog::containers)
                .collect(groupingBy(Metrics::state, counting()));
        states.forEach((state, number) -> figures.gauge("kubelet_running_containers", "Containers by state.", (double) number,
                "container_state", state));
        for (PodView pod : pods) {
            ContainerLog.containers(pod).forEach(container -> figures.counter("holdfast_container_restarts",
                    "How often a container was restarted.", container.restartCount(), "namespace",
                    pod.name().namespace(), "pod", pod.name().name(), "container", container.name()));
        }
    }

    private static double count(List<PodView> pods, Phase phase) {
        return (double) pods.stream().filter(pod -> pod.status().phase() == phase).count();
    }

    private static String state(ContainerStatus container) {
        return switch (container.state()) {
            case State.Waiting _ -> "created";
            case State.Running _ -> "running";
            case State.Terminated _ -> "exited";
        };
    }

    private void publications(Figures figures) {
        for (Map.Entry<Map<String, Object>, Publication> publication : services.publications) {
            String name = String.valueOf(publication.getKey().get(Publication.NAME));
            Publication.State state = publication.getValue().state();
            figures.gauge("holdfast_publication_reachable", "Whether it can be reached where pods are shown.",
                    state.failure() == null ? 1 : 0, "publication", name, "target", state.target());
            figures.gauge("holdfast_publication_pods", "Pods that are shown there as they are.", state.published(),
                    "publication", name);
            state.refused().values().stream().collect(groupingBy(Publication.Refusal::reason, counting()))
                    .forEach((reason, number) -> figures.gauge("holdfast_publication_refused_pods",
                            "Pods that are refused there, by reason.", (double) number, "publication", name, "reason", reason));
        }
    }
}
