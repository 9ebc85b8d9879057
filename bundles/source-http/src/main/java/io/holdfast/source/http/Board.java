package io.holdfast.source.http;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

import io.holdfast.source.Manifest;

/**
 * What each URL said last; immutable.
 *
 * @param newest by origin
 * @param tried those that were asked since watching began
 */
record Board(int urls, Map<String, Manifest> newest, Set<String> tried) {

    static Board of(int urls) {
        return new Board(urls, Map.of(), Set.of());
    }

    Board untried() {
        return new Board(urls, newest, Set.of());
    }

    Board with(Manifest said) {
        Map<String, Manifest> now = new TreeMap<>(newest);
        now.put(said.origin(), said);
        Set<String> asked = new HashSet<>(tried);
        asked.add(said.origin());
        return new Board(urls, now, asked);
    }

    /** Whether nothing is missing that would look as if it were gone, and anything could be read. */
    boolean isComplete() {
        return newest.size() == urls && newest.values().stream().anyMatch(Manifest.Text.class::isInstance);
    }

    /** Not before each was asked: a URL that fails at once must not end the wait for one that answers slowly. */
    boolean allFailed() {
        return tried.size() == urls && newest.values().stream().allMatch(Manifest.Unreadable.class::isInstance);
    }

    List<Manifest> manifests() {
        return List.copyOf(newest.values());
    }

    String failures() {
        return newest.values().stream()
                .filter(Manifest.Unreadable.class::isInstance).map(Manifest.Unreadable.class::cast)
                .map(said -> said.origin() + ": " + said.reason()).collect(Collectors.joining("; "));
    }
}
