package io.holdfast.mirror;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.holdfast.kit.json.PodStatusJson;
import io.holdfast.pod.PodName;
import io.holdfast.status.PodStatus;
import io.holdfast.status.PodView;

/** Statuses as the API server is to have them, each made once. Owned by one thread. */
final class Statuses {

    /** @param since when it was first wanted */
    record Wanted(PodStatus of, ObjectNode json, Instant since) {
    }

    private final Map<PodName, Wanted> made = new HashMap<>();

    @SuppressWarnings("ReferenceEquality") // the contract of PodStatuses: what did not change is the same instance
    Wanted of(PodView view, Instant now) {
        return made.compute(view.name(), (_, before) -> before != null && before.of() == view.status()
                ? before
                : new Wanted(view.status(), make(view.status()), now));
    }

    void retain(Set<PodName> names) {
        made.keySet().retainAll(names);
    }

    static ObjectNode make(PodStatus status) {
        try {
            ObjectNode made = (ObjectNode) MirrorObject.JSON.readTree(PodStatusJson.text(status));
            made.putArray("hostIPs").addObject().put("ip", status.hostIP());
            for (JsonNode condition : made.withArrayProperty("conditions")) {
                ((ObjectNode) condition).putNull("lastProbeTime"); // as the server shows it
            }
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
