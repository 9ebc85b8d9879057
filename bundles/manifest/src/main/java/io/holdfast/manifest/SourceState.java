package io.holdfast.manifest;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.holdfast.source.ManifestSource;
import io.holdfast.source.Sources;

/**
 * What is known of one source; immutable.
 *
 * @param owner the worker of the service that is there now, or that was there last; null before the first one
 * @param reported whether it has spoken since it is there
 * @param failure why its watch fails now, or null
 */
record SourceState(String name, @Nullable SourceWorker owner, boolean present, boolean reported,
        @Nullable Instant lastReading, @Nullable String failure, Map<String, Origin> origins) {

    /** Read from disk: nobody has spoken for it yet. */
    static SourceState restored(String name, Map<String, Origin> origins) {
        return new SourceState(name, null, false, false, null, null, origins).held(notYet(name));
    }

    /** Whether the configuration with this PID is the source's: one that nobody has spoken for yet is known by its name. */
    boolean isOf(String pid) {
        return owner == null ? name.equals(ManifestSource.nameOf(Map.of("service.pid", pid))) : owner.isOf(pid);
    }

    SourceState arrived(SourceWorker worker) {
        return new SourceState(name, worker, true, false, lastReading, null, origins).held(notYet(name));
    }

    SourceState left() {
        return new SourceState(name, owner, false, false, lastReading, null, origins)
                .held("source " + name + " is absent");
    }

    SourceState failing(@Nullable String why) {
        return new SourceState(name, owner, present, reported, lastReading, why, origins);
    }

    SourceState read(Map<String, Origin> now, Instant when) {
        return new SourceState(name, owner, present, true, when, null, now);
    }

    /** A missing source must not make its pods look as if somebody wanted them just now. */
    private SourceState held(String why) {
        Map<String, Origin> held = new HashMap<>();
        origins.forEach((origin, o) -> held.put(origin, o.held(why)));
        return new SourceState(name, owner, present, reported, lastReading, failure, held);
    }

    private static String notYet(String name) {
        return "source " + name + " has not reported yet";
    }

    Sources.State state() {
        if (!present) {
            return Sources.State.ABSENT;
        }
        return failure != null ? Sources.State.FAILED : reported ? Sources.State.WATCHING : Sources.State.STARTING;
    }
}
