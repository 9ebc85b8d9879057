package io.holdfast.manifest;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.holdfast.manifest.Known.Duplicate;
import io.holdfast.pod.PodName;
import io.holdfast.source.ConfigObject;
import io.holdfast.source.DesiredPod;
import io.holdfast.source.DesiredPods.Snapshot;
import io.holdfast.source.Problem;

/**
 * Puts the pods of all sources together, and their objects. Of several with one name, the one in force stays (behaviour S5); when none is,
 * the first in the order of source and origin is taken.
 */
final class Merge {

    private final Known before;
    private final Map<PodName, DesiredPod> pods;
    private final List<DesiredPod> losers = new ArrayList<>();
    private final ObjectMerge objects;

    Merge(Known before) {
        this.before = before;
        pods = LinkedHashMap.newLinkedHashMap(before.desired().pods().size() + 16);
        objects = new ObjectMerge(before.desired().objects());
    }

    void add(SourceState source) {
        for (Origin origin : source.origins().values()) {
            origin.pods().forEach(this::add);
            origin.objects().forEach(objects::add);
        }
    }

    private void add(DesiredPod pod) {
        DesiredPod other = pods.putIfAbsent(pod.name(), pod);
        if (other != null) {
            DesiredPod inForce = before.desired().pods().get(pod.name());
            boolean wins = rank(pod, other, inForce) > rank(other, pod, inForce)
                    || (rank(pod, other, inForce) == rank(other, pod, inForce) && isFirst(pod, other));
            pods.put(pod.name(), wins ? pod : other);
            losers.add(wins ? other : pod);
        }
    }

    private static int rank(DesiredPod pod, DesiredPod rival, @Nullable DesiredPod inForce) {
        boolean freshFromSameSource = pod.source().equals(rival.source()) && pod.held() == null
                && rival.held() != null;
        int rank = freshFromSameSource ? 8 : 0;
        if (inForce != null) {
            boolean samePlace = pod.source().equals(inForce.source()) && pod.origin().equals(inForce.origin());
            rank += (samePlace ? 4 : 0) + (Identity.edition(pod).equals(Identity.edition(inForce)) ? 2 : 0);
        }
        return rank;
    }

    private static boolean isFirst(DesiredPod pod, DesiredPod other) {
        int bySource = pod.source().compareTo(other.source());
        return (bySource != 0 ? bySource : pod.origin().compareTo(other.origin())) < 0;
    }

    /** The one before, if nothing is different. */
    @SuppressWarnings("ReferenceEquality") // objects that did not change are the same map
    Snapshot snapshot(Set<String> reported) {
        Snapshot old = before.desired();
        Map<ConfigObject.Key, ConfigObject> objectsNow = objects.objects();
        return reported.equals(old.reported()) && isSame(old.pods(), pods) && objectsNow == old.objects() ? old
                : new Snapshot(Collections.unmodifiableMap(pods), reported, objectsNow);
    }

    @SuppressWarnings("ReferenceEquality") // unchanged entries are the same instances: the promise of DesiredPods
    private static boolean isSame(Map<PodName, DesiredPod> a, Map<PodName, DesiredPod> b) {
        return a.size() == b.size() && b.entrySet().stream().allMatch(e -> a.get(e.getKey()) == e.getValue());
    }

    /** Those that are refused, to be called once when all sources are added: it takes out those whose UID is taken. */
    List<Duplicate> duplicates() {
        List<Duplicate> found = new ArrayList<>();
        losers.stream().filter(loser -> !isKeptBy(loser))
                .forEach(loser -> found.add(new Duplicate(loser.source(), "pod " + loser.name(), duplicate(loser))));
        found.addAll(objects.duplicates());
        found.addAll(UidClaims.settle(pods, before.desired().pods()));
        return List.copyOf(found);
    }

    /** What was last good gives way to the same source's good one without a word: its manifest has its own problem. */
    private boolean isKeptBy(DesiredPod loser) {
        DesiredPod winner = pods.get(loser.name());
        return winner != null && loser.held() != null && winner.source().equals(loser.source());
    }

    private Problem duplicate(DesiredPod loser) {
        DesiredPod winner = pods.get(loser.name());
        return new Problem(loser.origin(), 0, 0, "",
                "pod " + loser.name() + " is already defined by " + (winner == null ? "" : where(winner, loser)),
                "this one is not run until the other is gone", loser.name(), loser.seen());
    }

    /** Where the winner stands, for a person who looks at the loser. */
    static String where(DesiredPod winner, DesiredPod loser) {
        return where(winner.source(), winner.origin(), loser.source(), loser.origin());
    }

    static String where(String source, String origin, String losersSource, String losersOrigin) {
        if (!source.equals(losersSource)) {
            return origin + " of source " + source;
        }
        return origin.equals(losersOrigin) ? "the same text" : origin;
    }
}
