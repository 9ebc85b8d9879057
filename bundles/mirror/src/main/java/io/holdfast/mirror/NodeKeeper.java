package io.holdfast.mirror;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.holdfast.cell.Cell;
import io.holdfast.kit.thread.Threads;

/** Keeps this node's Node: there, described, and by its Lease alive (behaviour M2). */
final class NodeKeeper implements Threads.Body {

    private static final Logger LOG = LoggerFactory.getLogger(NodeKeeper.class);
    /** A status that says nothing new is sent this often. */
    private static final Duration HEARTBEAT = Duration.ofMinutes(5);
    private static final Backoff RETRY = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(10),
            new Random());
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;

    /** @param lease how long the Lease holds; it is renewed four times in that */
    record Terms(boolean register, Duration lease) {
    }

    private final Api api;
    private final NodeObject node;
    private final Terms terms;
    private final Supplier<ObjectNode> status;
    private final Cell<Sight> sight;
    private final InstantSource clock;
    private final Edges edges = new Edges();

    private ObjectNode said = JsonNodeFactory.instance.objectNode();
    private String saidOf = "";
    private Instant saidAt = Instant.MIN;
    private int failures;

    /** @param clock for periods */
    NodeKeeper(Api api, NodeObject node, Terms terms, Supplier<ObjectNode> status, Cell<Sight> sight,
            InstantSource clock) {
        this.api = api;
        this.node = node;
        this.terms = terms;
        this.status = status;
        this.sight = sight;
        this.clock = clock;
    }

    @Override
    public void run() throws InterruptedException {
        while (true) {
            boolean well = keep();
            failures = well ? 0 : failures + 1;
            Duration period = terms.lease().dividedBy(4);
            Duration retry = RETRY.after(failures, Optional.empty());
            Thread.sleep(well || retry.compareTo(period) > 0 ? period : retry);
        }
    }

    /** Whether all went well. */
    private boolean keep() throws InterruptedException {
        Optional<JsonNode> there;
        try {
            there = find();
        } catch (ApiFailure e) {
            edges.failed("Node " + node.name(), e);
            if (e instanceof ApiFailure.Refused) {
                absent(String.valueOf(e.getMessage()));
            }
            return false;
        }
        if (there.isEmpty()) {
            absent("there is no Node " + node.name() + " yet, and register.node = false leaves it to others");
            return false;
        }
        JsonNode found = there.get();
        edges.well("Node " + node.name());
        String uid = found.path("metadata").path("uid").asText();
        sight.update(s -> s.node().equals(Optional.of(uid)) ? s : s.withNode(Optional.of(uid), Link.UP));
        return attempt("labels of Node " + node.name(), () -> adopt(found))
                & attempt("status of Node " + node.name(), () -> describe(found, uid))
                & attempt("Lease of Node " + node.name(), () -> renew(uid)); // each on its own: one may be refused
    }

    private void absent(String why) {
        if (!why.equals(sight.value().registration().failure())) {
            sight.update(s -> s.withNode(Optional.empty(), s.registration().failed(why, Instant.now())));
        }
    }

    private Optional<JsonNode> find() throws ApiFailure, InterruptedException {
        try {
            JsonNode there = api.get(Paths.node(node.name()));
            if (saidOf.isEmpty() && !node.hasTaints(there)) {
                LOG.warn("Node {} was there before and lacks a taint of {}: pods that are scheduled here do not run",
                        node.name(), node.taints());
            }
            return Optional.of(there);
        } catch (ApiFailure.Refused e) {
            if (e.code() != NOT_FOUND) {
                throw e;
            }
            return terms.register() ? Optional.of(register()) : Optional.empty();
        }
    }

    private JsonNode register() throws ApiFailure, InterruptedException {
        JsonNode made = api.create(Paths.NODES, node.registration());
        LOG.info("Node {} registered", node.name());
        return made;
    }

    private void adopt(JsonNode there) throws ApiFailure, InterruptedException {
        Optional<ObjectNode> adoption = terms.register() ? node.adoption(there) : Optional.empty();
        if (adoption.isPresent()) {
            api.patch(Paths.node(node.name()), Api.PatchType.MERGE, adoption.get());
        }
    }

    private void describe(JsonNode there, String uid) throws ApiFailure, InterruptedException {
        ObjectNode now = status.get();
        boolean isNews = !now.equals(said) || !uid.equals(saidOf) || isContradicted(there, now);
        if (isNews || !clock.instant().isBefore(saidAt.plus(HEARTBEAT))) {
            ObjectNode patch = JsonNodeFactory.instance.objectNode();
            patch.set("status", NodeStatus.stamp(now, there.path("status"), Instant.now()));
            api.patch(Paths.node(node.name()) + "/status", Api.PatchType.STRATEGIC, patch);
            said = now;
            saidOf = uid;
            saidAt = clock.instant();
        }
    }

    /** As by the controller that misses the Lease of a node that was cut off. */
    private static boolean isContradicted(JsonNode there, ObjectNode now) {
        return !NodeStatus.condition(there.at("/status/conditions"), "Ready").map(c -> c.path("status"))
                .equals(NodeStatus.condition(now.path("conditions"), "Ready").map(c -> c.path("status")));
    }

    private void renew(String uid) throws ApiFailure, InterruptedException {
        ObjectNode lease = JsonNodeFactory.instance.objectNode();
        lease.putObject("spec").put("holderIdentity", node.name())
                .put("leaseDurationSeconds", terms.lease().toSeconds()).put("renewTime", Times.micros(Instant.now()));
        try {
            api.patch(Paths.lease(node.name()), Api.PatchType.MERGE, lease);
        } catch (ApiFailure.Refused e) {
            if (e.code() != NOT_FOUND) {
                throw e;
            }
            create(lease, uid);
        }
    }

    private void create(ObjectNode lease, String uid) throws ApiFailure, InterruptedException {
        lease.put("apiVersion", "coordination.k8s.io/v1").put("kind", "Lease").putObject("metadata")
                .put("name", node.name()).putArray("ownerReferences").addObject().put("apiVersion", "v1")
                .put("kind", "Node").put("name", node.name()).put("uid", uid);
        try {
            api.create(Paths.LEASES, lease);
        } catch (ApiFailure.Refused e) {
            if (e.code() != CONFLICT) { // made meanwhile: it is renewed the next time
                throw e;
            }
        }
    }

    private interface Step {
        void run() throws ApiFailure, InterruptedException;
    }

    private boolean attempt(String what, Step step) throws InterruptedException {
        try {
            step.run();
            edges.well(what);
            return true;
        } catch (ApiFailure e) {
            edges.failed(what, e);
            return false;
        }
    }
}
