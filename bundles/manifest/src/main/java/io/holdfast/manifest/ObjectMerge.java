package io.holdfast.manifest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.holdfast.manifest.Known.Duplicate;
import io.holdfast.manifest.Origin.KeptObject;
import io.holdfast.source.ConfigObject;
import io.holdfast.source.ConfigObject.Key;
import io.holdfast.source.Problem;

/**
 * Puts the objects of all sources together as {@link Merge} does the pods: of several with one name, the one in force
 * stays.
 */
final class ObjectMerge {

    private final Map<Key, ConfigObject> inForce;
    private final Map<Key, KeptObject> objects = new LinkedHashMap<>();
    private final List<KeptObject> losers = new ArrayList<>();

    ObjectMerge(Map<Key, ConfigObject> inForce) {
        this.inForce = inForce;
    }

    void add(KeptObject object) {
        KeptObject other = objects.putIfAbsent(object.key(), object);
        if (other != null) {
            ConfigObject now = inForce.get(object.key());
            int rank = Integer.compare(rank(object, other, now), rank(other, object, now));
            boolean wins = rank > 0 || (rank == 0 && isFirst(object.object(), other.object()));
            objects.put(object.key(), wins ? object : other);
            losers.add(wins ? other : object);
        }
    }

    private static int rank(KeptObject kept, KeptObject rival, @Nullable ConfigObject inForce) {
        ConfigObject object = kept.object();
        int rank = object.source().equals(rival.object().source()) && !kept.held() && rival.held() ? 8 : 0;
        if (inForce != null) {
            boolean samePlace = object.source().equals(inForce.source()) && object.origin().equals(inForce.origin());
            boolean same = object.type().equals(inForce.type()) && object.data().equals(inForce.data());
            rank += (samePlace ? 4 : 0) + (same ? 2 : 0);
        }
        return rank;
    }

    private static boolean isFirst(ConfigObject object, ConfigObject other) {
        int bySource = object.source().compareTo(other.source());
        return (bySource != 0 ? bySource : object.origin().compareTo(other.origin())) < 0;
    }

    /** The map before, if nothing is different. */
    @SuppressWarnings("ReferenceEquality") // unchanged entries are the same instances: the promise of DesiredPods
    Map<Key, ConfigObject> objects() {
        boolean same = inForce.size() == objects.size()
                && objects.values().stream().allMatch(kept -> inForce.get(kept.key()) == kept.object());
        if (same) {
            return inForce;
        }
        Map<Key, ConfigObject> now = new LinkedHashMap<>();
        objects.forEach((key, kept) -> now.put(key, kept.object()));
        return Map.copyOf(now);
    }

    List<Duplicate> duplicates() {
        return losers.stream().filter(loser -> !isKeptBy(loser)).map(this::duplicate).toList();
    }

    /** As with pods: what was last good gives way to the same source's good one without a word. */
    private boolean isKeptBy(KeptObject loser) {
        return loser.held() && winner(loser).source().equals(loser.object().source());
    }

    private ConfigObject winner(KeptObject loser) {
        KeptObject winner = objects.get(loser.key());
        return winner == null ? loser.object() : winner.object();
    }

    private Duplicate duplicate(KeptObject loser) {
        ConfigObject object = loser.object();
        ConfigObject winner = winner(loser);
        String where = Merge.where(winner.source(), winner.origin(), object.source(), object.origin());
        return new Duplicate(object.source(), loser.key().toString(), new Problem(object.origin(), 0, 0, "",
                loser.key() + " is already defined by " + where, "this one is not used until the other is gone", null,
                loser.seen()));
    }
}
