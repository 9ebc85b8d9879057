package io.holdfast.mirror;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.holdfast.pod.PodName;
import io.holdfast.source.DesiredPod;
import io.holdfast.status.PodStatus;
import io.holdfast.status.PodView;

/**
 * Decides what a pod's mirror needs (behaviours M1 to M6, M8): no I/O, no clock, no log.
 *
 * @param node the UID of this node's Node
 * @param orphansGo whether all pods are known, so that a mirror without one is an orphan
 */
record MirrorPlan(String node, boolean orphansGo, Instant now) {

    /** Of two writes of a status. */
    static final Duration STATUS_INTERVAL = Duration.ofSeconds(1);

    /** A pod that is just starting soon has another status: what it says meanwhile is worth a request once it stays so. */
    static final Duration STARTING_STAYS = Duration.ofSeconds(5);

    /** The same once the server shows that it is starting: what there is to add, its IP, is not worth a third write. */
    static final Duration STARTING_SHOWN = Duration.ofSeconds(30);

    /**
     * A name stays free for that long. {@code kubectl delete} waits until the pod is gone and looks, 100 ms later, into its
     * own copy of the server's list: where there is another one by then, it waits for the end of that.
     */
    static final Duration NAME_FREE = Duration.ofMillis(300);

    /** @param status of the view as it is to be at the server, or null without a view */
    Decision of(PodName name, @Nullable PodView view, Statuses.@Nullable Wanted status, Optional<MirrorPod> mirror,
            Memory memory) {
        if (mirror.isEmpty()) {
            return view == null || view.desired() == null ? Decision.Rest.FOR_GOOD : create(view.desired(), memory);
        }
        MirrorPod there = mirror.get();
        if (there.hash().isEmpty()) {
            return view == null || view.desired() == null
                    ? Decision.Rest.FOR_GOOD
                    : new Decision.Impossible("the API server has a pod " + name + " on this node that is no mirror ("
                            + MirrorPod.MIRROR + " is missing); it is left alone, delete or rename one of the two");
        }
        if (view == null || status == null) {
            return orphansGo ? delete(there, "its pod is gone", memory) : Decision.Rest.FOR_GOOD;
        }
        return reasonToReplace(view.desired(), there).map(why -> delete(there, why, memory))
                .orElseGet(() -> patch(view.status(), status, there, memory));
    }

    private Decision create(DesiredPod pod, Memory memory) {
        Optional<String> refused = Restricted.reason(pod);
        if (refused.isPresent()) {
            return new Decision.Impossible(refused.get());
        }
        Optional<Instant> due = memory.gone().map(at -> at.plus(NAME_FREE)).filter(at -> at.isAfter(now));
        return due.isPresent() ? new Decision.Rest(due.get()) : unlessTroubled(new Action.Create(pod, node), memory);
    }

    private Decision delete(MirrorPod mirror, String why, Memory memory) {
        return unlessTroubled(new Action.Delete(mirror.name(), mirror.uid(), why), memory);
    }

    /** @param desired null for a pod that leaves, or whose source is absent: any mirror of it will do */
    private Optional<String> reasonToReplace(@Nullable DesiredPod desired, MirrorPod mirror) {
        if (mirror.deleting()) {
            return Optional.of("it was told to go"); // and waits for that to be confirmed; the pod does not go (M4)
        } else if (desired != null && !mirror.hash().equals(Optional.of(MirrorObject.hash(desired)))) {
            return Optional.of("its manifest changed");
        } else if (!mirror.owner().equals(node)) {
            return Optional.of("it belongs to a Node that is gone"); // the garbage collector would take it
        }
        return Optional.empty();
    }

    private Decision patch(PodStatus pod, Statuses.Wanted status, MirrorPod mirror, Memory memory) {
        ObjectNode wanted = status.json();
        Optional<Memory.Written> last = memory.written().filter(w -> w.uid().equals(mirror.uid()));
        if (last.filter(w -> w.wanted().equals(wanted) && w.stored().equals(mirror.status())).isPresent()) {
            return Decision.Rest.FOR_GOOD;
        }
        ObjectNode patch = StatusPatch.of(wanted, mirror.status());
        if (patch.isEmpty()) {
            return Decision.Rest.FOR_GOOD;
        }
        Instant worthIt = isStarting(pod) ? status.since().plus(startingFor(mirror)) : Instant.MIN;
        Instant due = later(worthIt, last.filter(w -> !w.justCreated()).map(w -> w.at().plus(STATUS_INTERVAL))
                .orElse(Instant.MIN));
        return due.isAfter(now)
                ? new Decision.Rest(due)
                : unlessTroubled(new Action.Patch(mirror.name(), mirror.uid(), wanted, patch), memory);
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }

    private static Duration startingFor(MirrorPod mirror) {
        return mirror.status().has("containerStatuses") ? STARTING_SHOWN : STARTING_STAYS;
    }

    private static boolean isStarting(PodStatus pod) {
        return pod.phase() == PodStatus.Phase.Pending && pod.containerStatuses().stream()
                .allMatch(c -> c.state() instanceof PodStatus.State.Waiting(String reason, _)
                        && (reason.equals("ContainerCreating") || reason.equals("PodInitializing"))
                        || c.state() instanceof PodStatus.State.Running);
    }

    private Decision unlessTroubled(Action action, Memory memory) {
        return memory.troubleAbout(action.about()).map(Memory.Trouble::until).filter(until -> until.isAfter(now))
                .<Decision>map(Decision.Rest::new).orElse(new Decision.Do(action));
    }
}
