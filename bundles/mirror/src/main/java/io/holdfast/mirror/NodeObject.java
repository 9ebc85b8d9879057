package io.holdfast.mirror;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What of a Node is this agent's, besides its status (behaviour M2).
 *
 * @param labels all that it is to have
 * @param taints given when it is registered; a node may not change them later
 */
record NodeObject(String name, Map<String, String> labels, List<Taint> taints) {

    /** @param value may be empty */
    record Taint(String key, String value, String effect) {

        /** As kubectl writes it. */
        @Override
        public String toString() {
            return key + (value.isEmpty() ? "" : "=" + value) + ":" + effect;
        }
    }

    /** @param more as configured */
    static NodeObject of(String name, Map<String, String> more, List<Taint> taints) {
        String arch = Machine.architecture(System.getProperty("os.arch"));
        Map<String, String> labels = new LinkedHashMap<>(Map.of("kubernetes.io/hostname", name,
                "kubernetes.io/os", "linux", "kubernetes.io/arch", arch, "beta.kubernetes.io/os", "linux",
                "beta.kubernetes.io/arch", arch));
        labels.putAll(more);
        return new NodeObject(name, labels, taints);
    }

    ObjectNode registration() {
        ObjectNode node = JsonNodeFactory.instance.objectNode().put("apiVersion", "v1").put("kind", "Node");
        ObjectNode metadata = node.putObject("metadata").put("name", name);
        ObjectNode all = metadata.putObject("labels");
        labels.forEach(all::put);
        ArrayNode to = node.putObject("spec").putArray("taints");
        taints.forEach(t -> to.addObject().put("key", t.key()).put("value", t.value()).put("effect", t.effect()));
        return node;
    }

    /** What an existing Node lacks of the labels, as a merge patch; all else on it is left alone. */
    Optional<ObjectNode> adoption(JsonNode node) {
        JsonNode there = node.path("metadata").path("labels");
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        ObjectNode missing = patch.putObject("metadata").putObject("labels");
        labels.forEach((key, value) -> {
            if (!there.path(key).asText(" ").equals(value)) {
                missing.put(key, value);
            }
        });
        return missing.isEmpty() ? Optional.empty() : Optional.of(patch);
    }

    boolean hasTaints(JsonNode node) {
        return taints.stream().allMatch(taint -> {
            for (JsonNode there : node.path("spec").path("taints")) {
                if (there.path("key").asText().equals(taint.key())
                        && there.path("effect").asText().equals(taint.effect())) {
                    return true;
                }
            }
            return false;
        });
    }
}
