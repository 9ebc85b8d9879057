package io.holdfast.shell;

import java.io.IOException;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.holdfast.source.DesiredPod;
import io.holdfast.source.Problem;
import io.holdfast.status.PodEvent;
import io.holdfast.status.PodStatus;
import io.holdfast.status.PodStatus.ContainerStatus;
import io.holdfast.status.PodStatus.State;
import io.holdfast.status.PodView;

/** Pods as {@code kubectl get -o json} shows them; what Kubernetes has no field for stands under {@code holdfast}. */
final class PodJson {

    private PodJson() {
    }

    static String list(List<PodView> pods) {
        return Json.object(json -> json.text("apiVersion", "v1").text("kind", "PodList")
                .objects("items", pods, PodJson::pod));
    }

    static String one(PodView pod) {
        return Json.object(json -> pod(json, pod));
    }

    /** Also used by {@code source:errors}. */
    static void problem(Json json, Problem problem) throws IOException {
        json.text("origin", problem.origin());
        if (problem.line() > 0) {
            json.number("line", problem.line()).number("column", problem.column());
        }
        json.text("path", problem.path()).text("message", problem.message())
                .text("consequence", problem.consequence())
                .text("pod", problem.pod() == null ? null : problem.pod().toString()).time("since", problem.since());
    }

    private static void pod(Json json, PodView pod) throws IOException {
        DesiredPod desired = pod.desired();
        if (desired != null) {
            json.fieldsOf(desired.json());
        } else {
            json.text("apiVersion", "v1").text("kind", "Pod")
                    .object("metadata", m -> m.text("name", pod.name().name())
                            .text("namespace", pod.name().namespace()).text("uid", pod.uid()));
        }
        json.object("status", s -> status(s, pod.status()));
        json.object("holdfast", h -> ours(h, pod, desired));
    }

    private static void status(Json json, PodStatus status) throws IOException {
        List<String> ips = status.podIPs();
        json.text("phase", status.phase().name()).text("reason", status.reason()).text("message", status.message())
                .objects("conditions", status.conditions(), PodJson::condition).text("hostIP", status.hostIP())
                .text("podIP", ips.isEmpty() ? null : ips.getFirst())
                .objects("podIPs", ips, (each, ip) -> each.text("ip", ip)).time("startTime", status.startTime())
                .text("qosClass", status.qosClass().name());
        if (!status.initContainerStatuses().isEmpty()) {
            json.objects("initContainerStatuses", status.initContainerStatuses(), PodJson::container);
        }
        json.objects("containerStatuses", status.containerStatuses(), PodJson::container);
    }

    private static void condition(Json json, PodStatus.Condition condition) throws IOException {
        json.text("type", condition.type()).text("status", condition.status() ? "True" : "False")
                .text("reason", condition.reason()).text("message", condition.message())
                .time("lastTransitionTime", condition.lastTransitionTime());
    }

    private static void container(Json json, ContainerStatus container) throws IOException {
        json.text("name", container.name()).object("state", s -> state(s, container.state()))
                .object("lastState", s -> state(s, container.lastState())).flag("ready", container.ready())
                .flag("started", container.started()).number("restartCount", container.restartCount())
                .text("image", container.image()).text("imageID", container.imageID())
                .text("containerID", container.containerID());
    }

    private static void state(Json json, @Nullable State state) throws IOException {
        switch (state) {
            case null -> {
            }
            case State.Waiting(String reason, String message) ->
                json.object("waiting", w -> w.text("reason", reason).text("message", message));
            case State.Running running -> json.object("running", r -> r.time("startedAt", running.startedAt()));
            case State.Terminated t -> json.object("terminated",
                    w -> w.number("exitCode", t.exitCode()).text("reason", t.reason()).text("message", t.message())
                            .time("startedAt", t.startedAt()).time("finishedAt", t.finishedAt())
                            .text("containerID", t.containerID()));
        }
    }

    private static void ours(Json json, PodView pod, @Nullable DesiredPod desired) throws IOException {
        json.text("source", pod.source()).text("runtime", pod.runtime()).flag("leaving", pod.leaving());
        if (desired != null) {
            json.text("origin", desired.origin()).text("held", desired.held()).objects("problems",
                    desired.problems(), PodJson::problem);
        }
        json.objects("events", pod.events(), PodJson::event);
    }

    private static void event(Json json, PodEvent event) throws IOException {
        json.text("type", event.type().name()).text("reason", event.reason()).text("message", event.message())
                .number("count", event.count()).time("firstTimestamp", event.first())
                .time("lastTimestamp", event.last());
    }
}
