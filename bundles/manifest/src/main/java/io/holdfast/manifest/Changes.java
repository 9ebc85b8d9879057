package io.holdfast.manifest;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

import io.holdfast.manifest.Rehearsal.Outcome;
import io.holdfast.pod.PodName;
import io.holdfast.source.DesiredPod;

/** What becomes of each pod when some files take the place of what is there. */
final class Changes {

    enum Kind {
        NEW, UNCHANGED, REPLACED,
        /** Its manifest is broken. */
        KEPT, REMOVED;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * @param file the one that causes it; null when it is a consequence, such as that a rival of the pod is gone
     * @param before what is in force now, or null
     * @param fields what differs, of a pod that is replaced
     */
    record Change(Kind kind, PodName pod, @Nullable String file, @Nullable DesiredPod before,
            List<PodDiff.Field> fields) {
    }

    private Changes() {
    }

    /** By pod; pods that have nothing to do with the files and stay are left out. */
    static List<Change> of(Map<PodName, DesiredPod> inForce, Outcome outcome) {
        Map<PodName, DesiredPod> after = outcome.after().desired().pods();
        TreeSet<PodName> names = new TreeSet<>(inForce.keySet());
        names.addAll(after.keySet());
        List<Change> changes = new ArrayList<>();
        for (PodName name : names) {
            Change change = of(name, inForce.get(name), after.get(name), outcome);
            if (change.file() != null || change.kind() == Kind.REPLACED || change.kind() == Kind.REMOVED) {
                changes.add(change);
            }
        }
        return List.copyOf(changes);
    }

    private static Change of(PodName name, @Nullable DesiredPod before, @Nullable DesiredPod after, Outcome outcome) {
        String file = after == null ? outcome.replaced().get(name) : outcome.file(after).orElse(null);
        if (before == null) {
            return new Change(Kind.NEW, name, file, null, List.of());
        } else if (after == null) {
            return new Change(Kind.REMOVED, name, file, before, List.of());
        } else if (!Identity.edition(before).equals(Identity.edition(after))) {
            return new Change(Kind.REPLACED, name, file, before, PodDiff.between(before, after));
        }
        return new Change(after.held() == null ? Kind.UNCHANGED : Kind.KEPT, name, file, before, List.of());
    }
}
