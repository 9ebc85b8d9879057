package io.holdfast.manifest;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.holdfast.manifest.Known.Duplicate;
import io.holdfast.pod.PodName;
import io.holdfast.source.DesiredPod;
import io.holdfast.source.Problem;

/**
 * A UID names one pod's directories and containers on this node, but manifests may give the same one to several. As
 * with names (behaviour S5) the pod in force stays, and the newcomer is refused; an edit that takes the UID of another
 * pod is refused, too, and what it edits stays as it was.
 */
final class UidClaims {

    private final Map<PodName, DesiredPod> pods;
    private final Map<PodName, DesiredPod> inForce;
    private final Map<String, DesiredPod> owners = new HashMap<>();
    private final List<Duplicate> refused = new ArrayList<>();

    private UidClaims(Map<PodName, DesiredPod> pods, Map<PodName, DesiredPod> inForce) {
        this.pods = pods;
        this.inForce = inForce;
    }

    /** Changes {@code pods} so that no UID is there twice; returns what is refused. */
    static List<Duplicate> settle(Map<PodName, DesiredPod> pods, Map<PodName, DesiredPod> inForce) {
        return allDiffer(pods.values()) ? List.of() : new UidClaims(pods, inForce).settle();
    }

    private static boolean allDiffer(Collection<DesiredPod> pods) {
        Set<String> uids = HashSet.newHashSet(pods.size());
        return pods.stream().allMatch(pod -> uids.add(pod.uid()));
    }

    private List<Duplicate> settle() {
        List<DesiredPod> order = new ArrayList<>(pods.values());
        order.sort(Comparator.comparingInt(this::rank).thenComparing(DesiredPod::source)
                .thenComparing(DesiredPod::origin).thenComparing(DesiredPod::name));
        for (DesiredPod pod : order) {
            DesiredPod owner = owners.putIfAbsent(pod.uid(), pod);
            if (owner != null) {
                refuse(pod, owner);
            }
        }
        return refused;
    }

    /** First those that run with this UID, then edits, which may have to fall back to the UID that they run with. */
    private int rank(DesiredPod pod) {
        DesiredPod running = inForce.get(pod.name());
        return running == null ? 2 : running.uid().equals(pod.uid()) ? 0 : 1;
    }

    private void refuse(DesiredPod pod, DesiredPod owner) {
        DesiredPod running = running(pod);
        Problem problem = new Problem(pod.origin(), 0, 0, "metadata.uid",
                "'" + pod.uid() + "' is already the UID of pod " + owner.name() + ", defined by "
                        + Merge.where(owner, pod),
                running == null ? "this one is not run until the other is gone"
                        : "the running pod " + pod.name() + " stays as it was",
                pod.name(), pod.seen());
        refused.add(new Duplicate(pod.source(), "pod " + pod.name(), problem));
        if (running == null) {
            pods.remove(pod.name());
        } else {
            pods.put(pod.name(), kept(running, pod, problem));
        }
    }

    /** What the pod is an edit of, if that still can run. */
    private @Nullable DesiredPod running(DesiredPod pod) {
        DesiredPod running = inForce.get(pod.name());
        boolean keeps = running != null && running.source().equals(pod.source())
                && owners.putIfAbsent(running.uid(), running) == null;
        return keeps ? running : null;
    }

    private static DesiredPod kept(DesiredPod running, DesiredPod edit, Problem problem) {
        String why = edit.held() != null ? edit.held() : edit.origin() + " has errors";
        DesiredPod kept = new DesiredPod(running.pod(), running.json(), edit.source(), edit.origin(), running.seen(),
                why, running.unfit(), List.of(problem));
        return kept.equals(running) ? running : kept;
    }
}
