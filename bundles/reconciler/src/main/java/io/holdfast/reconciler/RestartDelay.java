package io.holdfast.reconciler;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

import io.holdfast.runtime.ObservedPod;
import io.holdfast.runtime.ObservedPod.State;

/**
 * How long a container was held back before it was started. It is kept on the container itself, so that the back-off
 * survives the agent (design decision 4).
 *
 * @param value empty for a container that replaced none
 */
record RestartDelay(Optional<Duration> value) {

    static final RestartDelay FIRST_START = new RestartDelay(Optional.empty());

    /** Annotation on containers, in seconds. */
    static final String ANNOTATION = "io.holdfast.restart-delay";

    static RestartDelay of(ObservedPod.Container container) {
        String seconds = container.annotations().get(ANNOTATION);
        return seconds == null ? FIRST_START : new RestartDelay(Optional.of(Duration.ofSeconds(Long.parseLong(seconds))));
    }

    /** What the container after {@code dead} is to wait for, from the time of its death (behaviour C4). */
    static RestartDelay after(ObservedPod.Container dead, State.Exited how, Backoff backoff) {
        if (ConfigChanges.note(dead).isPresent()) {
            return FIRST_START; // that was no crash, or is none to come
        }
        Optional<Duration> before = of(dead).value();
        boolean ranLong = Duration.between(how.startedAt(), how.finishedAt()).compareTo(backoff.reset()) >= 0
                && how.startedAt().getEpochSecond() > 0; // one that never started says 1970
        return new RestartDelay(Optional.of(before.isEmpty() || ranLong ? Duration.ZERO : backoff.after(before.get())));
    }

    Duration duration() {
        return value.orElse(Duration.ZERO);
    }

    Map<String, String> annotations() {
        return value.map(d -> Map.of(ANNOTATION, Long.toString(d.toSeconds()))).orElse(Map.of());
    }
}
