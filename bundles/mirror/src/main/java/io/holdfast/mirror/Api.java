package io.holdfast.mirror;

import java.util.function.Consumer;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Requests to a Kubernetes API server. Paths begin with a slash and carry their query. Calls block until the answer is
 * there, but not for ever; an interrupt ends them. For any number of threads.
 */
interface Api {

    /** How a patch is to be read, by its media type. */
    enum PatchType {
        MERGE("application/merge-patch+json"), STRATEGIC("application/strategic-merge-patch+json");

        final String mediaType;

        PatchType(String mediaType) {
            this.mediaType = mediaType;
        }
    }

    JsonNode get(String path) throws ApiFailure, InterruptedException;

    /** @return the object as it is stored */
    JsonNode create(String path, JsonNode object) throws ApiFailure, InterruptedException;

    JsonNode patch(String path, PatchType type, JsonNode patch) throws ApiFailure, InterruptedException;

    /** @param options DeleteOptions: grace period, preconditions */
    void delete(String path, JsonNode options) throws ApiFailure, InterruptedException;

    /**
     * Passes on watch events, {@code {type, object}}, until the server ends the stream, as it does after some minutes.
     *
     * @throws ApiFailure the stream broke, or with code 410 when it cannot go on from there: list again
     */
    void watch(String path, Consumer<JsonNode> events) throws ApiFailure, InterruptedException;

    /** Where requests go, for a person. */
    String server();
}
