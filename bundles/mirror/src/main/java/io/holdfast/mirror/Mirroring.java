package io.holdfast.mirror;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.holdfast.cell.Cell;
import io.holdfast.kit.thread.Threads;
import io.holdfast.status.Authorizer;
import io.holdfast.status.PodStatuses;
import io.holdfast.status.Publication;

/** All threads of a mirror, around one {@link Sight}. */
final class Mirroring implements AutoCloseable {

    /** As many requests may wait for answers; each takes a few milliseconds as a rule. */
    private static final int COURIERS = 8;
    /** After an outage a node has much to say, and it is not alone. */
    private static final Duration REQUESTS_EACH = Duration.ofMillis(20);
    private static final int REQUESTS_AT_ONCE = 20;
    private static final Duration EVENTS_EACH = Duration.ofMillis(100);
    private static final int EVENTS_AT_ONCE = 25;

    private final Cell<Sight> sight = new Cell<>(Sight.NONE);
    private final Cell<Publication.State> published;
    private final Threads threads = new Threads();
    private final Reviews reviews;

    /**
     * @param name of this node
     * @param status of the Node, as {@link NodeStatus#now} makes it
     */
    Mirroring(Api api, String name, PodStatuses statuses, Settings settings, Supplier<ObjectNode> status) {
        InstantSource clock = new SteadyClock();
        reviews = new Reviews(api, name, clock);
        published = new Cell<>(new Publication.State(api.server(), Link.NEVER.failure(), null, 0, Map.of()));
        List<Courier> couriers = couriers(api, name);
        threads.start("mirror pods", new PodFollower(statuses, sight, clock));
        threads.start("mirror watch", new PodWatch(api, name, sight));
        threads.start("mirror node", new NodeKeeper(api, NodeObject.of(name, settings.labels(), settings.taints()),
                new NodeKeeper.Terms(settings.register(), settings.lease()), status, sight, clock));
        threads.start("mirror sync", new Sync(sight, couriers, clock, new Pace(REQUESTS_EACH, REQUESTS_AT_ONCE),
                (now, records) -> publish(records.state(api.server(), now,
                        Duration.between(clock.instant(), Instant.now())))));
        threads.start("mirror events",
                new EventSender(api, name, sight, clock, new Pace(EVENTS_EACH, EVENTS_AT_ONCE)));
    }

    private List<Courier> couriers(Api api, String node) {
        List<Courier> couriers = new ArrayList<>();
        for (int n = 1; n <= COURIERS; n++) {
            Courier courier = new Courier(api, node, () -> sight.update(Sight::answered));
            couriers.add(courier);
            threads.start("mirror request " + n, courier);
        }
        return couriers;
    }

    private void publish(Publication.State state) {
        published.update(before -> before.equals(state) ? before : state);
    }

    Publication.State state() {
        return published.value();
    }

    Authorizer authorizer() {
        return reviews;
    }

    @Override
    public void close() {
        threads.close();
    }
}
