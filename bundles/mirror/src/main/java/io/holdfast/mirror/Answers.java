package io.holdfast.mirror;

import java.io.IOException;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;

/** What an answer means. */
final class Answers {

    static final String NOT_KUBERNETES = "the answer is no JSON, as an API server's is; is this one?";
    private static final int MOST_SHOWN = 1000;
    /** No server is to silence us for longer. */
    private static final Duration MOST_PATIENCE = Duration.ofMinutes(10);

    private Answers() {
    }

    static JsonNode object(byte[] body) throws ApiFailure {
        return parsed(body).orElseThrow(() -> new ApiFailure.Unreachable(NOT_KUBERNETES));
    }

    static ApiFailure failure(int code, HttpHeaders headers, byte[] body) {
        return failure(code, headers.firstValue("Retry-After"), parsed(body).orElse(MissingNode.getInstance()));
    }

    /** @param status of an answer, or in an event */
    static ApiFailure failure(int code, Optional<String> retryAfter, JsonNode status) {
        String reason = status.path("reason").asText();
        String said = status.path("message").asText().strip();
        String message = !said.isEmpty() ? said.substring(0, Math.min(said.length(), MOST_SHOWN))
                : "the server answered " + code + named(code);
        return isNoAnswer(code, reason) ? new ApiFailure.Unreachable(message)
                : new ApiFailure.Refused(code, reason, message, retryAfter.map(String::strip)
                        .or(() -> Optional.of(status.path("details").path("retryAfterSeconds").asText()))
                        .filter(seconds -> seconds.matches("[1-9][0-9]{0,8}"))
                        .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)))
                        .map(asked -> asked.compareTo(MOST_PATIENCE) > 0 ? MOST_PATIENCE : asked));
    }

    /** A server that cannot work, or something before it; but a webhook that fails does so for one object (behaviour M8). */
    private static boolean isNoAnswer(int code, String reason) {
        return code < 400 || code == 407 || code >= 500 && !reason.equals("InternalError");
    }

    private static String named(int code) {
        return switch (code) {
            case 301, 302, 303, 307, 308 -> ", a redirect, as a login page does; an API server does not";
            case 400 -> " (Bad Request)";
            case 401 -> " (Unauthorized)";
            case 403 -> " (Forbidden)";
            case 404 -> " (Not Found); is this an API server?";
            case 407 -> ": the proxy wants to know who we are, which is not supported";
            case 409 -> " (Conflict)";
            case 410 -> " (Gone)";
            case 429 -> " (Too Many Requests)";
            case 500 -> " (Internal Server Error)";
            case 502 -> " (Bad Gateway)";
            case 503 -> " (Service Unavailable)";
            case 504 -> " (Gateway Timeout)";
            default -> "";
        };
    }

    /** Empty where it is no object. */
    private static Optional<JsonNode> parsed(byte[] body) {
        try {
            return Optional.of(Trees.MAPPER.readTree(body)).filter(JsonNode::isObject);
        } catch (IOException _) {
            return Optional.empty();
        }
    }
}
