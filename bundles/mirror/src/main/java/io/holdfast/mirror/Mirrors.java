package io.holdfast.mirror;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import io.holdfast.pod.PodName;

/**
 * The pods that the API server has for this node, as far as it has told. What it tells comes in the order of its
 * resource versions; an answer to a request may come before or after that.
 *
 * @param known whether they were ever listed
 * @param position the resource version up to which everything was told
 * @param gone UIDs of those that are gone by an answer and not yet by what was told
 */
record Mirrors(boolean known, long position, Map<PodName, MirrorPod> pods, Set<String> gone) {

    static final Mirrors UNKNOWN = new Mirrors(false, 0, Map.of(), Set.of());

    static Mirrors listed(long position, List<MirrorPod> pods) {
        Map<PodName, MirrorPod> byName = new HashMap<>();
        pods.forEach(pod -> byName.put(pod.name(), pod));
        return new Mirrors(true, position, Map.copyOf(byName), Set.of());
    }

    /** Told by the server: it is now so. */
    Mirrors told(MirrorPod pod) {
        return with(pod.version(), isOverdue(pod) ? _ -> { } : next -> next.put(pod.name(), pod));
    }

    /** Told by the server: it is gone. */
    Mirrors toldGone(MirrorPod pod) {
        Mirrors next = with(pod.version(), isOverdue(pod) ? _ -> { } : pods -> pods.remove(pod.name()));
        Set<String> left = new HashSet<>(gone);
        return left.remove(pod.uid()) ? new Mirrors(known, next.position(), next.pods(), Set.copyOf(left)) : next;
    }

    /** Nothing else happened up to there. */
    Mirrors toldNothingUpTo(long version) {
        return with(version, _ -> { });
    }

    /** The answer to a request of ours; what was told of it already may have been overtaken. */
    Mirrors answered(MirrorPod pod) {
        return pod.version() <= position ? this : with(position, next -> next.put(pod.name(), pod));
    }

    /** A request of ours found that there is no pod of that UID any more. */
    Mirrors answeredGone(PodName name, String uid) {
        if (of(name).filter(pod -> pod.uid().equals(uid)).isEmpty()) {
            return this;
        }
        Set<String> more = new HashSet<>(gone);
        more.add(uid);
        return new Mirrors(known, position, with(position, next -> next.remove(name)).pods(), Set.copyOf(more));
    }

    Optional<MirrorPod> of(PodName name) {
        return Optional.ofNullable(pods.get(name));
    }

    private boolean isOverdue(MirrorPod pod) {
        @Nullable MirrorPod known = pods.get(pod.name());
        return gone.contains(pod.uid()) || known != null && known.version() > pod.version();
    }

    private Mirrors with(long newest, Consumer<Map<PodName, MirrorPod>> change) {
        Map<PodName, MirrorPod> next = new HashMap<>(pods);
        change.accept(next);
        return new Mirrors(known, Math.max(position, newest), Map.copyOf(next), gone);
    }
}
