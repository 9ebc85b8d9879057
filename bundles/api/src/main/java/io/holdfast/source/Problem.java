package io.holdfast.source;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

import io.holdfast.pod.PodName;

/**
 * What is wrong with a manifest, for a person.
 *
 * @param origin as {@link Manifest#origin()}
 * @param line from 1, or 0 when unknown
 * @param column from 1, or 0 when unknown
 * @param path such as {@code spec.containers[0].image}; empty when it is about the whole text
 * @param message what was expected
 * @param consequence what happens now, such as "the running pod default/web-node1 stays as it was"
 * @param pod the pod it is about, when that is known
 * @param since when it was first seen
 */
public record Problem(String origin, int line, int column, String path, String message, String consequence,
        @Nullable PodName pod, Instant since) {

    /** {@code web.yaml:12:7} */
    public String place() {
        return line == 0 ? origin : origin + ":" + line + ":" + column;
    }

    /** One line: {@code web.yaml:12:7 spec.containers[0].image: must not be empty; the running pod … stays as it was}. */
    public String text() {
        return place() + (path.isEmpty() ? "" : " " + path) + ": " + message
                + (consequence.isEmpty() ? "" : "; " + consequence);
    }
}
