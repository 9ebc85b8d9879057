package io.holdfast.mirror;

import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.holdfast.pod.PodName;

/**
 * What is kept of a pod that the API server has for this node.
 *
 * @param version its {@code resourceVersion}; a greater one is a later one
 * @param hash annotation {@code kubernetes.io/config.mirror}; without it the pod is nobody's mirror
 * @param owner the UID of the Node that owns it, or empty
 * @param node {@code spec.nodeName}
 * @param status those of its fields that the mirror writes
 */
record MirrorPod(PodName name, String uid, long version, Optional<String> hash, String owner, String node,
        boolean deleting, ObjectNode status) {

    static final String MIRROR = "kubernetes.io/config.mirror";

    static MirrorPod of(JsonNode pod) {
        JsonNode metadata = pod.path("metadata");
        return new MirrorPod(new PodName(metadata.path("namespace").asText(), metadata.path("name").asText()),
                metadata.path("uid").asText(), version(pod),
                Optional.ofNullable(metadata.path("annotations").path(MIRROR).asText(null)),
                metadata.path("ownerReferences").path(0).path("uid").asText(),
                pod.path("spec").path("nodeName").asText(), metadata.has("deletionTimestamp"),
                StatusPatch.own(pod.path("status") instanceof ObjectNode status
                        ? status
                        : JsonNodeFactory.instance.objectNode()));
    }

    static long version(JsonNode object) {
        return object.path("metadata").path("resourceVersion").asLong();
    }
}
