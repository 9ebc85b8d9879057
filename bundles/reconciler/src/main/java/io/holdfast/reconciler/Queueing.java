package io.holdfast.reconciler;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import io.holdfast.pod.PodName;
import io.holdfast.runtime.ObservedPod.Sandbox;
import io.holdfast.source.DesiredPod;

/** Sees to it that a pod starts and stops when it is its turn (behaviour R10). Owned by the pod's worker. */
final class Queueing {

    private final PodName name;
    private final Kit kit;
    private final Orders orders;
    private final EventLog events;
    private final Troubles troubles;
    private String told = "";
    private boolean done;

    Queueing(PodName name, Kit kit, Orders orders, EventLog events, Troubles troubles) {
        this.name = name;
        this.kit = kit;
        this.orders = orders;
        this.events = events;
        this.troubles = troubles;
    }

    /** A pod that is not there yet waits for others, if it has to; what runs is left alone. */
    void starts(DesiredPod desired, List<Sandbox> seen) {
        Trouble.Awaits awaits = desired.unfit() != null ? null : orders.awaits(desired).orElse(null);
        boolean runs = seen.stream().anyMatch(s -> s.ready() && s.uid().equals(desired.uid()));
        troubles.awaits(runs ? null : awaits);
        if (awaits == null) {
            told = "";
        } else if (isCircle(awaits) || !runs) {
            tell(awaits);
        }
    }

    private void tell(Trouble.Awaits awaits) {
        if (!awaits.message().equals(told)) {
            told = awaits.message();
            if (isCircle(awaits)) {
                events.warning(kit.now(), awaits.reason(), awaits.message());
            } else {
                events.normal(kit.now(), awaits.reason(), awaits.message());
            }
        }
    }

    private static boolean isCircle(Trouble.Awaits awaits) {
        return awaits.reason().equals(Order.CIRCLE);
    }

    /** An edit that makes a circle does not harm what runs. */
    boolean keepsTheOldOne(DesiredPod desired, List<Sandbox> seen, Set<String> leaving) {
        return seen.stream().anyMatch(s -> Edition.alive(s) && !leaving.contains(s.uid())
                && (!s.uid().equals(desired.uid()) || Edition.isOutdated(s, desired)))
                && desired.unfit() == null && orders.awaits(desired).filter(Queueing::isCircle).isPresent();
    }

    /** Until when it runs on at most, because others that go too are to stop before it. */
    Optional<Instant> stays(List<Sandbox> seen) {
        Optional<Order.Stay> stay = seen.stream().noneMatch(Edition::alive) ? Optional.empty() : orders.stays(name);
        stay.map(s -> "it stops after pod " + s.others().stream().map(PodName::toString).collect(Collectors.joining(", ")))
                .filter(text -> !text.equals(told)).ifPresent(text -> {
                    told = text;
                    events.normal(kit.now(), Order.WAITS, text);
                });
        return stay.map(Order.Stay::until);
    }

    /** What there is to know of the pod is on the board. */
    void shown() {
        boolean now = Order.isDone(kit.board().view(name));
        if (now != done) {
            done = now;
            orders.turned(name);
        }
    }
}
