package io.holdfast.reconciler;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/** What a worker remembers of failed steps of one edition; losing it costs a retry, no more. Owned by the worker. */
final class Troubles {

    /** The key for what concerns the pod as a whole; no container has an empty name. */
    static final String POD = "";

    private final Map<String, Trouble> byContainer = new HashMap<>();
    private final Map<String, Integer> failures = new HashMap<>();

    Optional<Trouble> of(String container) {
        return Optional.ofNullable(byContainer.get(container));
    }

    void put(String container, Trouble trouble) {
        byContainer.put(container, trouble);
    }

    /** @param others whom the pod has to wait for, or null */
    void awaits(Trouble.@Nullable Awaits others) {
        if (others != null) {
            put(POD, others);
        } else if (byContainer.get(POD) instanceof Trouble.Awaits) {
            byContainer.remove(POD);
        }
    }

    /** Counts a failure; the wait grows with each. */
    void failed(String container, String reason, String message, Backoff backoff, Instant now) {
        int count = failures.merge(container, 1, Integer::sum);
        put(container, new Trouble.Retry(reason, message, count, now.plus(backoff.afterFailures(count))));
    }

    /** In a row, so far. */
    int failures(String container) {
        return failures.getOrDefault(container, 0);
    }

    /** Time for another try, which may fail like those before it. */
    void waitIsOver(String container) {
        byContainer.remove(container);
    }

    void cleared(String container) {
        byContainer.remove(container);
        failures.remove(container);
    }

    void clear() {
        byContainer.clear();
        failures.clear();
    }

    /** Until when to leave {@code container} alone; {@link Instant#MAX}: until woken; empty: go ahead. */
    Optional<Instant> until(String container, Instant now) {
        return switch (byContainer.get(container)) {
            case null -> Optional.empty();
            case Trouble.Pulling _, Trouble.Awaits _ -> Optional.of(Instant.MAX);
            case Trouble.Retry(_, _, _, Instant at) when at.isAfter(now) -> Optional.of(at);
            case Trouble.Retry _ -> Optional.empty();
        };
    }
}
