package io.holdfast.source.http;

import java.net.URI;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What to send so that the server answers only when there is news (behaviour H1).
 *
 * @param of the URL, after redirects, that they came from; nothing is known of another one
 * @param headers of the next request, by name
 */
record Validators(URI of, Map<String, String> headers) {

    static final Validators NONE = new Validators(URI.create(""), Map.of());

    /** Within this, a further change would leave the time of the last change as it is: it counts whole seconds. */
    private static final Duration CLOCK_STEP = Duration.ofSeconds(2);

    static Validators of(URI url, HttpHeaders answer) {
        Map<String, String> headers = new TreeMap<>();
        Optional<String> tag = value(answer, "ETag");
        Optional<String> modified = value(answer, "Last-Modified");
        tag.ifPresent(value -> headers.put("If-None-Match", value));
        if (tag.isPresent() || isOld(modified, value(answer, "Date"))) {
            modified.ifPresent(value -> headers.put("If-Modified-Since", value));
        }
        return new Validators(url, Map.copyOf(headers));
    }

    boolean isEmpty() {
        return headers.isEmpty();
    }

    /** A time alone may be that of an older file that was put back, which some servers do not tell from no change. */
    boolean areSure() {
        return headers.containsKey("If-None-Match");
    }

    boolean areFor(URI url) {
        return of.equals(url) && !isEmpty();
    }

    private static Optional<String> value(HttpHeaders answer, String name) {
        return answer.firstValue(name).filter(value -> value.chars().allMatch(c -> c >= ' ' && c < 0x7f));
    }

    private static boolean isOld(Optional<String> modified, Optional<String> now) {
        try {
            return modified.isPresent() && now.isPresent()
                    && Duration.between(time(modified.get()), time(now.get())).compareTo(CLOCK_STEP) >= 0;
        } catch (DateTimeParseException _) {
            return false;
        }
    }

    /** @throws DateTimeParseException it is none */
    static Instant time(String header) {
        return ZonedDateTime.parse(header, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
    }
}
