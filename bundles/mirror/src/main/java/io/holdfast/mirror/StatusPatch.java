package io.holdfast.mirror;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The way from a pod status at the server to the one that is wanted there, as a merge patch. */
final class StatusPatch {

    /** Fields of {@code status} that are the agent's; all others are left to whoever writes them. */
    private static final List<String> OWN = List.of("phase", "reason", "message", "conditions", "hostIP", "hostIPs",
            "podIP", "podIPs", "startTime", "qosClass", "initContainerStatuses", "containerStatuses");

    /** Older servers drop it: for this alone there is no need to ask. */
    private static final String SINCE_1_28 = "hostIPs";

    private StatusPatch() {
    }

    static ObjectNode own(ObjectNode status) {
        return JsonNodeFactory.instance.objectNode().setAll(status.deepCopy().retain(OWN));
    }

    /** Empty when there is nothing to do. */
    static ObjectNode of(ObjectNode wanted, ObjectNode there) {
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        for (String field : OWN) {
            JsonNode now = there.path(field);
            JsonNode next = field.equals("conditions") ? conditions(wanted.path(field), now) : wanted.path(field);
            if (field.equals("qosClass") && !now.isMissingNode() || isSame(next, now)) {
                continue; // the server works the class out by itself and takes no other
            }
            patch.set(field, next.isMissingNode() ? JsonNodeFactory.instance.nullNode() : next);
        }
        boolean onlyUnknown = patch.size() == 1 && patch.has(SINCE_1_28) && !there.has(SINCE_1_28);
        return onlyUnknown ? patch.removeAll() : patch;
    }

    private static boolean isSame(JsonNode next, JsonNode now) {
        return next.equals(now) || isNothing(next) && isNothing(now);
    }

    /** The server leaves out what is empty. */
    private static boolean isNothing(JsonNode value) {
        return value.isMissingNode() || value.isNull() || value.isArray() && value.isEmpty();
    }

    /**
     * A patch replaces lists: conditions that somebody else set are kept. One that says the same as before has said so
     * since then, whatever a restarted agent knows of that.
     */
    private static ArrayNode conditions(JsonNode wanted, JsonNode there) {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        Set<String> ours = new HashSet<>();
        for (JsonNode condition : wanted) {
            String type = condition.path("type").asText();
            ours.add(type);
            all.add(NodeStatus.condition(there, type)
                    .filter(old -> old.path("status").equals(condition.path("status")))
                    .<JsonNode>map(old -> ((ObjectNode) condition.deepCopy()).set("lastTransitionTime",
                            old.path("lastTransitionTime")))
                    .orElse(condition));
        }
        for (JsonNode condition : there) {
            if (!ours.contains(condition.path("type").asText())) {
                all.add(condition);
            }
        }
        return all;
    }
}
