package io.holdfast.mirror;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.holdfast.source.DesiredPod;

/** A pod as it is created at the API server (behaviour M1). */
final class MirrorObject {

    static final ObjectMapper JSON = new ObjectMapper();

    private static final String HASH = "kubernetes.io/config.hash";

    /** All else in there is the server's, or would keep the mirror from going. */
    private static final List<String> METADATA = List.of("name", "namespace", "labels", "annotations");

    private MirrorObject() {
    }

    /** Tells the editions of a pod apart; also what kubectl looks for events by. */
    static String hash(DesiredPod pod) {
        return pod.pod().metadata().annotations().getOrDefault(HASH, pod.uid());
    }

    /** @param nodeUid of the Node that is its one owner */
    static ObjectNode of(DesiredPod desired, String node, String nodeUid) {
        ObjectNode pod = read(desired.json());
        pod.remove("status");
        ObjectNode metadata = pod.withObjectProperty("metadata").retain(METADATA);
        metadata.withObjectProperty("annotations").put(MirrorPod.MIRROR, hash(desired));
        metadata.putArray("ownerReferences").addObject().put("apiVersion", "v1").put("kind", "Node").put("name", node)
                .put("uid", nodeUid).put("controller", true);
        pod.withObjectProperty("spec").put("nodeName", node);
        return pod;
    }

    private static ObjectNode read(String json) {
        try {
            return (ObjectNode) JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
