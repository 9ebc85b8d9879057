package io.holdfast.shell;

import java.io.IOException;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.holdfast.kit.json.Json;
import io.holdfast.kit.json.PodViewJson;
import io.holdfast.source.DesiredPod;
import io.holdfast.source.Problem;
import io.holdfast.status.PodEvent;
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
        PodViewJson.write(json, pod);
        json.object("holdfast", h -> ours(h, pod, pod.desired()));
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
