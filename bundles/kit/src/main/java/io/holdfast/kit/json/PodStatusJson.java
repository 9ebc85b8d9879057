package io.holdfast.kit.json;

import java.io.IOException;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.holdfast.status.PodStatus;
import io.holdfast.status.PodStatus.ContainerStatus;
import io.holdfast.status.PodStatus.State;

/** {@code status} of a Pod, field by field as the kubelet writes it. */
public final class PodStatusJson {

    private PodStatusJson() {
    }

    /** The object, as text. */
    public static String text(PodStatus status) {
        return Json.object(json -> write(json, status));
    }

    /** What stands between its braces. */
    public static void write(Json json, PodStatus status) throws IOException {
        List<String> ips = status.podIPs();
        json.text("phase", status.phase().name()).text("reason", status.reason()).text("message", status.message())
                .objects("conditions", status.conditions(), PodStatusJson::condition).text("hostIP", status.hostIP());
        if (!ips.isEmpty()) {
            json.text("podIP", ips.getFirst()).objects("podIPs", ips, (each, ip) -> each.text("ip", ip));
        }
        json.time("startTime", status.startTime()).text("qosClass", status.qosClass().name());
        containers(json, "initContainerStatuses", status.initContainerStatuses());
        containers(json, "containerStatuses", status.containerStatuses());
    }

    private static void condition(Json json, PodStatus.Condition condition) throws IOException {
        json.text("type", condition.type()).text("status", condition.status() ? "True" : "False")
                .text("reason", condition.reason()).text("message", condition.message())
                .time("lastTransitionTime", condition.lastTransitionTime());
    }

    private static void containers(Json json, String name, List<ContainerStatus> containers) throws IOException {
        if (!containers.isEmpty()) {
            json.objects(name, containers, PodStatusJson::container);
        }
    }

    private static void container(Json json, ContainerStatus container) throws IOException {
        json.text("name", container.name()).object("state", s -> state(s, container.state()))
                .object("lastState", s -> state(s, container.lastState())).flag("ready", container.ready())
                .flag("started", container.started()).number("restartCount", container.restartCount())
                .required("image", container.image()).required("imageID", container.imageID())
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
}
