package io.holdfast.kit.json;

import java.io.IOException;

import io.holdfast.source.DesiredPod;
import io.holdfast.status.PodView;

/** A Pod as Kubernetes has it: what is wanted, and what became of it. */
public final class PodViewJson {

    private PodViewJson() {
    }

    /** What stands between its braces. */
    public static void write(Json json, PodView pod) throws IOException {
        DesiredPod desired = pod.desired();
        if (desired != null) {
            json.fieldsOf(desired.json());
        } else {
            json.text("apiVersion", "v1").text("kind", "Pod")
                    .object("metadata", m -> m.text("name", pod.name().name())
                            .text("namespace", pod.name().namespace()).text("uid", pod.uid()));
        }
        json.object("status", s -> PodStatusJson.write(s, pod.status()));
    }
}
