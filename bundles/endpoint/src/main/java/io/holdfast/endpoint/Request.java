package io.holdfast.endpoint;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is asked for. */
record Request(String method, List<String> path, Map<String, List<String>> query) {

    /** The first segment, which says what it is about. */
    String subject() {
        return path.isEmpty() ? "" : path.getFirst();
    }

    Optional<String> parameter(String name) {
        return query.getOrDefault(name, List.of()).stream().findFirst().filter(value -> !value.isEmpty());
    }

    /** What the API server has to allow, as the kubelet asks it. */
    String verb() {
        return switch (method) {
            case "GET" -> "get";
            case "POST" -> "create";
            case "PUT" -> "update";
            case "PATCH" -> "patch";
            case "DELETE" -> "delete";
            default -> "";
        };
    }

    /** Of {@code nodes}; what is not about one of its own is {@code proxy}. */
    String subresource() {
        return switch (subject()) {
            case "metrics" -> "metrics";
            case "stats" -> "stats";
            case "logs" -> "log";
            default -> "proxy";
        };
    }
}
