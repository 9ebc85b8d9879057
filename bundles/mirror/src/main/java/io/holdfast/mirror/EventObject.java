package io.holdfast.mirror;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.holdfast.pod.PodName;
import io.holdfast.status.PodEvent;

/**
 * A pod's event, with all that {@code events.k8s.io/v1} asks for but by its older names: a node's identity may write
 * events through {@code v1} alone. They are the same objects; either API shows them.
 */
final class EventObject {

    private static final String REPORTER = "holdfast.io/agent";
    private static final int LONGEST_MESSAGE = 1024; // as servers take it
    private static final int LONGEST_NAME = 253;
    private static final int LONGEST_INSTANCE = 128;

    private EventObject() {
    }

    /** The same for all times that it is sent, so that none is there twice after a restart. */
    static String name(PodName pod, PodEvent event) {
        String content = pod + "\n" + event.type() + "\n" + event.reason() + "\n" + event.message() + "\n"
                + event.first();
        String digest = UUID.nameUUIDFromBytes(content.getBytes(StandardCharsets.UTF_8)).toString().replace("-", "")
                .substring(0, 16);
        return cut(pod.name(), LONGEST_NAME - digest.length() - 1) + "." + digest;
    }

    /** @param hash that of the mirror: kubectl looks for a mirror's events by it, not by the mirror's UID */
    static ObjectNode of(PodName pod, PodEvent event, String hash, String node) {
        ObjectNode object = JsonNodeFactory.instance.objectNode().put("apiVersion", "v1")
                .put("kind", "Event").put("eventTime", Times.micros(event.first()))
                .put("reportingComponent", REPORTER).put("reportingInstance", cut(node, LONGEST_INSTANCE))
                .put("action", event.reason()).put("reason", event.reason()).put("type", event.type().name())
                .put("message", cut(event.message(), LONGEST_MESSAGE));
        object.putObject("metadata").put("name", name(pod, event)).put("namespace", pod.namespace());
        object.putObject("involvedObject").put("apiVersion", "v1").put("kind", "Pod").put("namespace", pod.namespace())
                .put("name", pod.name()).put("uid", hash);
        if (event.count() > 1) {
            object.setAll(series(event));
        }
        return object;
    }

    /** As a merge patch: all that may change of an event that was sent. */
    static ObjectNode series(PodEvent event) {
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        patch.putObject("series").put("count", event.count()).put("lastObservedTime", Times.micros(event.last()));
        return patch;
    }

    /** Servers count bytes. */
    private static String cut(String text, int most) {
        String cut = text;
        while (cut.getBytes(StandardCharsets.UTF_8).length > most) {
            cut = cut.substring(0, cut.offsetByCodePoints(cut.length(), -1));
        }
        return cut;
    }
}
