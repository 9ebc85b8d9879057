package io.holdfast.reconciler;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.holdfast.pod.PodName;
import io.holdfast.status.PodEvent;

/** The last events of one pod; the same one again is counted. Owned by the pod's worker. */
final class EventLog {

    private static final Logger LOG = LoggerFactory.getLogger("io.holdfast.pod");
    private static final int MOST = 50; // per pod: enough for an afternoon of crashes, 10 KB at most

    private final PodName pod;
    private final List<PodEvent> events = new ArrayList<>();

    EventLog(PodName pod) {
        this.pod = pod;
    }

    void normal(Instant now, String reason, String message) {
        LOG.info("pod {} {}: {}", pod, reason, message);
        add(now, PodEvent.Type.Normal, reason, message);
    }

    void warning(Instant now, String reason, String message) {
        LOG.warn("pod {} {}: {}", pod, reason, message);
        add(now, PodEvent.Type.Warning, reason, message);
    }

    List<PodEvent> events() {
        return List.copyOf(events);
    }

    private void add(Instant now, PodEvent.Type type, String reason, String message) {
        PodEvent event = new PodEvent(type, reason, message, 1, now, now);
        for (PodEvent old : events) {
            if (old.type() == type && old.reason().equals(reason) && old.message().equals(message)) {
                event = new PodEvent(type, reason, message, old.count() + 1, old.first(), now);
                events.remove(old);
                break;
            }
        }
        events.add(event);
        if (events.size() > MOST) {
            events.removeFirst();
        }
    }
}
