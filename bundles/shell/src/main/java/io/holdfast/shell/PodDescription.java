package io.holdfast.shell;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.holdfast.pod.Container;
import io.holdfast.pod.Pod;
import io.holdfast.pod.Volume;
import io.holdfast.source.DesiredPod;
import io.holdfast.source.Problem;
import io.holdfast.status.PodEvent;
import io.holdfast.status.PodStatus;
import io.holdfast.status.PodStatus.ContainerStatus;
import io.holdfast.status.PodView;
import io.holdfast.status.Publication;

/** Everything there is to say of one pod, as {@code kubectl describe} lays it out. */
final class PodDescription {

    private static final int WIDTH = 16;

    private final PodView view;
    private final Instant now;
    private final Paragraph out = new Paragraph(WIDTH);

    private PodDescription(PodView view, Instant now) {
        this.view = view;
        this.now = now;
    }

    /** @param publications by name: where it is shown besides */
    static String of(PodView view, Map<String, Publication.State> publications, Instant now) {
        PodDescription description = new PodDescription(view, now);
        description.head();
        description.origin();
        publications.forEach(description::publication);
        description.containers("Init Containers", view.status().initContainerStatuses());
        description.containers("Containers", view.status().containerStatuses());
        description.conditions();
        description.volumes();
        description.events();
        return description.out.toString();
    }

    static String time(@Nullable Instant at, Instant now) {
        return at == null ? "" : at.truncatedTo(ChronoUnit.SECONDS) + " (" + Ages.of(at, now) + " ago)";
    }

    private void head() {
        PodStatus status = view.status();
        Optional<Pod> pod = Optional.ofNullable(view.desired()).map(DesiredPod::pod);
        out.line("Name", view.name().name()).line("Namespace", view.name().namespace())
                .line("UID", view.uid()).line("Node", PodTable.node(view))
                .line("Start Time", time(status.startTime(), now))
                .map("Labels", pod.map(p -> p.metadata().labels()).orElse(Map.of()))
                .map("Annotations", pod.map(p -> p.metadata().annotations()).orElse(Map.of()))
                .line("Status", PodSummary.of(view, now).status());
        if (status.reason() != null) {
            out.line("Reason", status.reason());
        }
        if (status.message() != null) {
            out.line("Message", status.message());
        }
        out.lines("IP", status.podIPs()).line("QoS Class", status.qosClass().name()).line("Runtime", view.runtime());
    }

    private void origin() {
        DesiredPod desired = view.desired();
        if (desired == null) {
            out.line("Source", view.source() + " (no manifest" + (view.leaving() ? "; the pod is leaving" : "") + ")");
            return;
        }
        out.line("Source", desired.source() + ": " + desired.origin());
        if (desired.held() != null) {
            out.line("Held", desired.held());
        }
        if (!desired.problems().isEmpty()) {
            out.lines("Problems", desired.problems().stream().map(this::problem).toList());
        }
    }

    private void publication(String name, Publication.State state) {
        out.line(Character.toUpperCase(name.charAt(0)) + name.substring(1), Shown.of(view.name(), state, now));
    }

    private String problem(Problem problem) {
        return problem.text() + " (" + Ages.of(problem.since(), now) + " ago)";
    }

    private void containers(String title, List<ContainerStatus> statuses) {
        if (statuses.isEmpty()) {
            return;
        }
        Paragraph all = out.part(title, WIDTH);
        for (ContainerStatus status : statuses) {
            ContainerDescription.write(all.part(status.name(), WIDTH + 1), container(status.name()), status, now);
        }
    }

    private Optional<Container> container(String name) {
        DesiredPod desired = view.desired();
        return desired == null
                ? Optional.empty()
                : Stream.concat(desired.pod().spec().initContainers().stream(),
                        desired.pod().spec().containers().stream())
                        .filter(c -> c.name().equals(name)).findFirst();
    }

    private void conditions() {
        Table table = new Table("Type", "Status", "Since", "Reason");
        for (PodStatus.Condition condition : view.status().conditions()) {
            table.row(condition.type(), condition.status() ? "True" : "False",
                    Ages.of(condition.lastTransitionTime(), now),
                    join(": ", condition.reason(), condition.message()));
        }
        out.part("Conditions", WIDTH).table(table);
    }

    private void volumes() {
        DesiredPod desired = view.desired();
        if (desired == null || desired.pod().spec().volumes().isEmpty()) {
            return;
        }
        Paragraph all = out.part("Volumes", WIDTH);
        desired.pod().spec().volumes().forEach(volume -> all.line(volume.name(), kind(volume)));
    }

    private static String kind(Volume volume) {
        if (volume.hostPath() != null) {
            Volume.HostPath host = volume.hostPath();
            return "hostPath " + host.path()
                    + (host.type() == Volume.HostPath.Type.Unset ? "" : " (" + host.type() + ")");
        } else if (volume.emptyDir() != null) {
            Volume.EmptyDir empty = volume.emptyDir();
            return "emptyDir" + (empty.medium().isEmpty() ? "" : " in " + empty.medium())
                    + (empty.sizeLimit() == null ? "" : ", at most " + empty.sizeLimit());
        } else if (volume.configMap() != null) {
            return join(" ", "configMap", volume.configMap().name());
        } else if (volume.secret() != null) {
            return join(" ", "secret", volume.secret().secretName());
        } else {
            return volume.downwardAPI() != null ? "downwardAPI" : "projected";
        }
    }

    private void events() {
        if (view.events().isEmpty()) {
            out.line("Events", "");
            return;
        }
        Table table = new Table("Type", "Reason", "Age", "Message");
        for (PodEvent event : view.events()) {
            String age = Ages.of(event.last(), now);
            table.row(event.type().name(), event.reason(),
                    event.count() > 1
                            ? age + " (x" + event.count() + " over " + Ages.of(event.first(), now) + ")"
                            : age,
                    event.message());
        }
        out.part("Events", WIDTH).table(table);
    }

    private static String join(String between, @Nullable String a, @Nullable String b) {
        return Stream.of(a, b).filter(Objects::nonNull).filter(s -> !s.isEmpty())
                .collect(Collectors.joining(between));
    }
}
