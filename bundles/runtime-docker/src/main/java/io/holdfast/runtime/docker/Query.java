package io.holdfast.runtime.docker;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.List;
import java.util.Map;

/** Parts of a request's path. */
final class Query {

    private Query() {
    }

    /** @param pairs names and values, in turn */
    static String of(String... pairs) {
        StringBuilder query = new StringBuilder();
        for (int i = 0; i < pairs.length; i += 2) {
            query.append(i == 0 ? '?' : '&').append(pairs[i]).append('=').append(URLEncoder.encode(pairs[i + 1], UTF_8));
        }
        return query.toString();
    }

    /** A filter that lets through what has all these labels. */
    static String labels(Map<String, String> labels) {
        return filters(Map.of("label", labels(labels, "=")));
    }

    static List<String> labels(Map<String, String> labels, String between) {
        return labels.entrySet().stream().map(l -> l.getKey() + between + l.getValue()).toList();
    }

    static String filters(Map<String, List<String>> filters) {
        return new String(Json.write(filters), UTF_8);
    }

    /** A name as a part of a path: images' names have slashes, colons and at signs. */
    static String path(String name) {
        return URLEncoder.encode(name, UTF_8).replace("+", "%20").replace("%2F", "/").replace("%3A", ":")
                .replace("%40", "@");
    }
}
