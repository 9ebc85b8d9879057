package io.holdfast.mirror;

import java.io.IOException;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;

import io.kubernetes.client.openapi.models.CoreV1Event;
import io.kubernetes.client.openapi.models.V1Lease;
import io.kubernetes.client.openapi.models.V1Node;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1SubjectAccessReview;

/**
 * What the current API server knows, by Kubernetes' own client. The real server of the integration tests is an old one,
 * which takes what was removed later.
 */
final class CurrentApi {

    private interface Schema {
        void check(JsonElement object) throws IOException;
    }

    private static final Map<String, Schema> SCHEMAS = Map.of("/nodes", V1Node::validateJsonElement, "/leases",
            V1Lease::validateJsonElement, "/pods", V1Pod::validateJsonElement, "/events", CoreV1Event::validateJsonElement,
            "/subjectaccessreviews", V1SubjectAccessReview::validateJsonElement);

    private CurrentApi() {
    }

    /** Throws what a server does that validates strictly: fields it does not know, or misses, anywhere in the object. */
    static void check(String path, JsonNode object) throws ApiFailure {
        Schema schema = SCHEMAS.entrySet().stream().filter(s -> path.matches(".*" + s.getKey() + "(/[^/]+)?")).findAny()
                .orElseThrow(() -> new AssertionError("no schema of what is at " + path)).getValue();
        try {
            schema.check(JsonParser.parseString(object.toString()));
        } catch (IllegalArgumentException | IOException e) {
            throw FakeApiServer.refused(400, "BadRequest", "strict decoding error: " + e.getMessage());
        }
    }
}
