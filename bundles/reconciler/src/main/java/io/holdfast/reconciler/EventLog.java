package io.holdfast.reconciler;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.holdfast.cell.Cell;
import io.holdfast.pod.PodName;
import io.holdfast.status.PodEvent;

/** The last events of one pod; the same one again is counted. For the pod's worker, its hooks and probes. */
final class EventLog {

    private static final Logger LOG = LoggerFactory.getLogger("io.holdfast.pod");
    private static final int MOST = 50; // per pod: enough for an afternoon of crashes, 10 KB at most

    private final PodName pod;
    private final Cell<List<PodEvent>> events = new Cell<>(List.of());

    EventLog(PodName pod) {
        this.pod = pod;
    }

    void normal(Instant now, String reason, String message) {
        LOG.info("pod {} {}: {}", pod, reason, message);
        add(now, PodEvent.Type.Normal, reason, message);
    }

    /** Of what goes without saying: it is shown, and no line of the log. */
    void detail(Instant now, String reason, String message) {
        LOG.debug("pod {} {}: {}", pod, reason, message);
        add(now, PodEvent.Type.Normal, reason, message);
    }

    void warning(Instant now, String reason, String message) {
        LOG.warn("pod {} {}: {}", pod, reason, message);
        add(now, PodEvent.Type.Warning, reason, message);
    }

    /**
     * Of what may come again every second: it is logged the first time only.
     *
     * @return whether it is worth showing: the first time, and whenever there are twice as many
     */
    boolean repeatedWarning(Instant now, String reason, String message) {
        int count = add(now, PodEvent.Type.Warning, reason, message);
        if (count == 1) {
            LOG.warn("pod {} {}: {}", pod, reason, message);
        }
        return Integer.bitCount(count) == 1;
    }

    List<PodEvent> events() {
        return events.value();
    }

    /** @return how often it came */
    private int add(Instant now, PodEvent.Type type, String reason, String message) {
        events.update(all -> {
            Optional<PodEvent> old = same(all, type, reason, message);
            List<PodEvent> next = new ArrayList<>(all);
            old.ifPresent(next::remove);
            next.add(old.map(o -> new PodEvent(type, reason, message, o.count() + 1, o.first(), now))
                    .orElse(new PodEvent(type, reason, message, 1, now, now)));
            return List.copyOf(next.subList(Math.max(0, next.size() - MOST), next.size()));
        });
        return same(events.value(), type, reason, message).map(PodEvent::count).orElse(0);
    }

    private static Optional<PodEvent> same(List<PodEvent> all, PodEvent.Type type, String reason, String message) {
        return all.stream().filter(e -> e.type() == type && e.reason().equals(reason) && e.message().equals(message))
                .findFirst();
    }
}
