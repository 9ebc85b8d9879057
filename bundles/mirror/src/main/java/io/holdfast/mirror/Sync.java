package io.holdfast.mirror;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;

import org.jspecify.annotations.Nullable;

import io.holdfast.cell.Cell;
import io.holdfast.kit.thread.Threads;
import io.holdfast.pod.PodName;
import io.holdfast.status.PodView;

/** Compares what runs here with what the API server shows, and sends couriers with what follows from that. */
final class Sync implements Threads.Body {

    /** What a worker of the reconciler may take until it has shown its pod after a start. */
    static final Duration ORPHANS_AFTER = Duration.ofSeconds(5);

    private final Cell<Sight> sight;
    private final List<Courier> couriers;
    private final InstantSource clock;
    private final Pace pace;
    private final BiConsumer<Sight, Records> publish;
    private final Records records = new Records();
    private final Statuses statuses = new Statuses();
    private PodName last = new PodName("", "");

    /** @param publish is told after each round what came of it */
    Sync(Cell<Sight> sight, List<Courier> couriers, InstantSource clock, Pace pace, BiConsumer<Sight, Records> publish) {
        this.sight = sight;
        this.couriers = List.copyOf(couriers);
        this.clock = clock;
        this.pace = pace;
        this.publish = publish;
    }

    @Override
    public void run() throws InterruptedException {
        while (true) {
            collect();
            Cell.Versioned<Sight> now = sight.current(); // after what was collected is in it
            Instant again = now.value().isReady() ? round(now.value(), clock.instant()) : Instant.MAX;
            publish.accept(now.value(), records);
            sight.after(now.version(), again, clock);
        }
    }

    private void collect() {
        for (Courier courier : couriers) {
            courier.errand().ifPresent(errand -> errand.outcome().ifPresent(outcome -> {
                apply(errand.action(), outcome);
                courier.rest();
            }));
        }
    }

    private void apply(Action action, Outcome outcome) {
        switch (outcome) {
            case Outcome.Stored(MirrorPod pod) -> {
                records.stored(action, pod, clock.instant());
                sight.update(s -> s.withMirrors(mirrors -> mirrors.answered(pod)));
            }
            case Outcome.Gone _ -> {
                records.gone(action);
                sight.update(s -> s.withMirrors(mirrors -> mirrors.answeredGone(action.name(), action.about())));
            }
            case Outcome.Failed failed -> records.failed(action, failed, clock.instant());
        }
    }

    /** @return when to look again at the latest */
    private Instant round(Sight now, Instant at) {
        Optional<Instant> orphansFrom = now.complete().map(since -> since.plus(ORPHANS_AFTER));
        boolean orphansGo = orphansFrom.filter(from -> !from.isAfter(at)).isPresent();
        MirrorPlan plan = new MirrorPlan(now.node().orElseThrow(), orphansGo, at);
        Instant again = orphansGo ? Instant.MAX : orphansFrom.orElse(Instant.MAX);
        List<PodName> all = inTurn(now);
        statuses.retain(now.pods().keySet());
        records.retain(all);
        all.removeAll(busy());
        for (PodName name : all) {
            switch (decide(plan, now, name)) {
                case Decision.Do(Action action) -> {
                    Optional<Courier> free = couriers.stream().filter(c -> c.errand().isEmpty()).findFirst();
                    Instant next = pace.next(at);
                    if (free.isEmpty() || next.isAfter(at)) {
                        return free.isEmpty() ? again : earlier(again, next); // those after it have to wait as well
                    }
                    send(action, free.get(), at);
                }
                case Decision.Rest(Instant until) -> again = earlier(again, rest(name, until));
                case Decision.Impossible(String reason) -> records.impossible(name, reason, at);
            }
        }
        return again;
    }

    private void send(Action action, Courier courier, Instant at) {
        pace.take(at);
        last = action.name();
        courier.send(action);
    }

    private Instant rest(PodName name, Instant until) {
        if (until.equals(Instant.MAX)) {
            records.well(name);
        }
        return until;
    }

    private Decision decide(MirrorPlan plan, Sight now, PodName name) {
        @Nullable PodView view = now.pods().get(name);
        Optional<MirrorPod> mirror = now.mirrors().of(name);
        records.seen(name, mirror.isPresent(), plan.now());
        return plan.of(name, view, view == null ? null : statuses.of(view, plan.now()), mirror, records.of(name));
    }

    private Set<PodName> busy() {
        Set<PodName> busy = new HashSet<>();
        couriers.forEach(c -> c.errand().ifPresent(errand -> busy.add(errand.action().name())));
        return busy;
    }

    /** All names, beginning after the one that was served last. */
    private List<PodName> inTurn(Sight now) {
        NavigableSet<PodName> all = new TreeSet<>(now.pods().keySet());
        all.addAll(now.mirrors().pods().keySet());
        List<PodName> turn = new ArrayList<>(all.tailSet(last, false));
        turn.addAll(all.headSet(last, true));
        return turn;
    }

    private static Instant earlier(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }
}
