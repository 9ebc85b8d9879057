package io.holdfast.mirror;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

import io.holdfast.cell.Cell;
import io.holdfast.kit.thread.Threads;
import io.holdfast.pod.PodName;
import io.holdfast.source.DesiredPod;
import io.holdfast.status.PodEvent;
import io.holdfast.status.PodView;

/**
 * Sends the pods' events, slowly and after everything else. What is to be sent is read from what the reconciler shows, so
 * that nothing queues up here: an event that was dropped there before its turn came is not sent.
 */
final class EventSender implements Threads.Body {

    private static final Logger LOG = LoggerFactory.getLogger(EventSender.class);
    /** Servers forget events after an hour: older ones would come back from the dead. */
    private static final Duration OLDEST = Duration.ofHours(1);
    /** How often the count of one that repeats is sent. */
    private static final Duration SERIES_INTERVAL = Duration.ofSeconds(30);
    private static final Duration RETRY = Duration.ofSeconds(5);
    private static final int TOO_MANY = 429;

    /** @param count of the event as it was sent */
    private record Sent(int count, Instant at) {
    }

    private final Api api;
    private final String node;
    private final Cell<Sight> sight;
    private final InstantSource clock;
    private final Pace pace;
    private final Map<PodName, Map<String, Sent>> sent = new HashMap<>();
    /** Pods that were as they are when all of their events were sent. */
    private final Map<PodName, PodView> settled = new HashMap<>();
    private boolean toldRefusal;

    /** @param clock for periods */
    EventSender(Api api, String node, Cell<Sight> sight, InstantSource clock, Pace pace) {
        this.api = api;
        this.node = node;
        this.sight = sight;
        this.clock = clock;
        this.pace = pace;
    }

    @Override
    public void run() throws InterruptedException {
        while (true) {
            Cell.Versioned<Sight> now = sight.current();
            Instant again = now.value().isReady() ? send(now.value()) : Instant.MAX;
            sight.after(now.version(), again, clock);
        }
    }

    /** @return when to look again at the latest */
    private Instant send(Sight now) throws InterruptedException {
        sent.keySet().retainAll(now.pods().keySet());
        settled.keySet().retainAll(now.pods().keySet());
        Instant again = Instant.MAX;
        for (PodView pod : now.pods().values()) {
            Optional<String> mirror = now.mirrors().of(pod.name()).flatMap(MirrorPod::hash);
            if (mirror.isPresent() && !isSettled(pod)) { // without a mirror nobody would find them
                Optional<Instant> next = send(pod, hash(pod, mirror.get()));
                if (next.isEmpty()) {
                    return clock.instant().plus(RETRY);
                } else if (next.get().equals(Instant.MAX)) {
                    settled.put(pod.name(), pod);
                }
                again = next.get().isBefore(again) ? next.get() : again;
            }
        }
        return again;
    }

    /** Whether there is nothing new to send of it: all pods are looked at for each change of one. */
    @SuppressWarnings("ReferenceEquality") // the contract of PodStatuses: what did not change is the same instance
    private boolean isSettled(PodView pod) {
        return settled.get(pod.name()) == pod;
    }

    /** @return when to look at it again, or empty when all have to wait */
    private Optional<Instant> send(PodView pod, String hash) throws InterruptedException {
        Map<String, Sent> before = sent.computeIfAbsent(pod.name(), _ -> new HashMap<>());
        Map<String, PodEvent> events = new LinkedHashMap<>();
        pod.events().forEach(event -> events.put(EventObject.name(pod.name(), event), event));
        before.keySet().retainAll(events.keySet());
        Instant again = Instant.MAX;
        for (Map.Entry<String, PodEvent> event : events.entrySet()) {
            Instant due = due(before.get(event.getKey()), event.getValue());
            if (due.isAfter(clock.instant())) {
                again = due.isBefore(again) ? due : again;
            } else if (!send(pod, event.getValue(), event.getKey(), hash)) {
                return Optional.empty();
            } else {
                before.put(event.getKey(), new Sent(event.getValue().count(), clock.instant()));
            }
        }
        return Optional.of(again);
    }

    private static Instant due(@Nullable Sent before, PodEvent event) {
        if (before == null) {
            return event.last().isBefore(Instant.now().minus(OLDEST)) ? Instant.MAX : Instant.MIN;
        }
        return before.count() == event.count() ? Instant.MAX : before.at().plus(SERIES_INTERVAL);
    }

    private static String hash(PodView pod, String mirror) {
        DesiredPod desired = pod.desired();
        return desired == null ? mirror : MirrorObject.hash(desired);
    }

    /** Whether it is done with, or has to wait with all others. */
    private boolean send(PodView pod, PodEvent event, String name, String hash) throws InterruptedException {
        Duration wait = Duration.between(clock.instant(), pace.next(clock.instant()));
        if (wait.isPositive()) {
            Thread.sleep(wait);
        }
        pace.take(clock.instant());
        Optional<ApiFailure> failure = attempt(pod, event, name, hash);
        if (failure.filter(EventSender::mayPass).isPresent()) {
            return false;
        }
        failure.ifPresent(e -> refused(pod, event, e));
        return true;
    }

    /** Said once: where one is refused, most are. */
    private void refused(PodView pod, PodEvent event, ApiFailure failure) {
        LOG.atLevel(toldRefusal ? Level.DEBUG : Level.WARN).log("event {} of pod {} refused by the API server, "
                + "not sent, and so are others perhaps: {}", event.reason(), pod.name(), failure.getMessage());
        toldRefusal = true;
    }

    private static boolean mayPass(ApiFailure failure) {
        return switch (failure) {
            case ApiFailure.Unreachable _ -> true;
            case ApiFailure.Refused refused -> refused.code() == TOO_MANY;
        };
    }

    private Optional<ApiFailure> attempt(PodView pod, PodEvent event, String name, String hash)
            throws InterruptedException {
        String path = Paths.events(pod.name().namespace());
        try {
            if (sent.getOrDefault(pod.name(), Map.of()).containsKey(name)) {
                api.patch(path + "/" + name, Api.PatchType.MERGE, EventObject.series(event));
            } else {
                create(path, pod, event, name, hash);
            }
            return Optional.empty();
        } catch (ApiFailure e) {
            return Optional.of(e);
        }
    }

    private void create(String path, PodView pod, PodEvent event, String name, String hash)
            throws ApiFailure, InterruptedException {
        try {
            api.create(path, EventObject.of(pod.name(), event, hash, node));
        } catch (ApiFailure.Refused e) {
            if (!e.reason().equals("AlreadyExists")) {
                throw e;
            }
            if (event.count() > 1) { // sent before a restart
                api.patch(path + "/" + name, Api.PatchType.MERGE, EventObject.series(event));
            }
        }
    }
}
