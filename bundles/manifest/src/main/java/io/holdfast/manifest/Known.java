package io.holdfast.manifest;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.holdfast.source.DesiredPods.Snapshot;
import io.holdfast.source.Problem;

/**
 * Everything this bundle knows; immutable.
 *
 * @param sources by name, in order
 * @param duplicates the pods and objects that are refused because another of that name or UID is in force
 * @param takenAway the sources that were given up for good, and did not come back
 */
record Known(Map<String, SourceState> sources, Snapshot desired, List<Duplicate> duplicates, Set<String> takenAway) {

    /**
     * @param source of what is refused
     * @param what is refused, such as {@code pod default/web-node1}
     */
    record Duplicate(String source, String what, Problem problem) {
    }

    static final Known EMPTY = new Known(Map.of(), Snapshot.EMPTY, List.of(), Set.of());

    @Nullable SourceState source(String name) {
        return sources.get(name);
    }

    /** Changes one source and settles what that means for all. */
    Known with(SourceState source) {
        Map<String, SourceState> changed = new TreeMap<>(sources);
        changed.put(source.name(), source);
        return merged(changed, source.reported() ? Set.of(source.name()) : Set.of(), without(takenAway, source.name()));
    }

    /** As {@link #with}, if the source is still that worker's. */
    Known with(SourceWorker worker, UnaryOperator<SourceState> change) {
        SourceState source = sources.get(worker.name());
        return source != null && worker.equals(source.owner()) && source.present() ? with(change.apply(source)) : this;
    }

    /** Gives up a source and its pods. */
    Known without(String name) {
        Map<String, SourceState> changed = new TreeMap<>(sources);
        changed.remove(name);
        return merged(changed, Set.of(name), with(takenAway, Set.of(name)));
    }

    /** Drops a source that holds nothing. */
    Known forgotten(String name) {
        Map<String, SourceState> changed = new TreeMap<>(sources);
        changed.remove(name);
        return merged(changed, Set.of(), takenAway);
    }

    private Known merged(Map<String, SourceState> changed, Set<String> spoke, Set<String> away) {
        Set<String> reported = with(desired.reported(), spoke);
        Merge merge = new Merge(this);
        changed.values().forEach(merge::add);
        List<Duplicate> refused = merge.duplicates();
        return new Known(Collections.unmodifiableMap(changed), merge.snapshot(reported), refused, away);
    }

    private static Set<String> with(Set<String> names, Set<String> more) {
        return names.containsAll(more) ? names
                : Stream.concat(names.stream(), more.stream()).collect(Collectors.toUnmodifiableSet());
    }

    private static Set<String> without(Set<String> names, String one) {
        return !names.contains(one) ? names
                : names.stream().filter(name -> !name.equals(one)).collect(Collectors.toUnmodifiableSet());
    }
}
