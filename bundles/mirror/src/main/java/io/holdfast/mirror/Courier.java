package io.holdfast.mirror;

import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.holdfast.cell.Cell;
import io.holdfast.kit.thread.Threads;
import io.holdfast.pod.PodName;

/** Carries out one action after the other, on a thread of its own, so that a slow answer holds up one pod only. */
final class Courier implements Threads.Body {

    /** @param outcome empty while it is under way */
    record Errand(Action action, Optional<Outcome> outcome) {
    }

    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;

    private final Api api;
    private final String node;
    private final Runnable bell;
    private final Cell<Optional<Errand>> errand = new Cell<>(Optional.empty());

    /** @param bell rung when there is an outcome */
    Courier(Api api, String node, Runnable bell) {
        this.api = api;
        this.node = node;
        this.bell = bell;
    }

    Optional<Errand> errand() {
        return errand.value();
    }

    /** To be called when there is no errand, or its outcome was seen. */
    void send(Action action) {
        errand.set(Optional.of(new Errand(action, Optional.empty())));
    }

    void rest() {
        errand.set(Optional.empty());
    }

    @Override
    public void run() throws InterruptedException {
        for (long version = 0;;) {
            Cell.Versioned<Optional<Errand>> next = errand.after(version);
            version = next.version();
            if (next.value().filter(e -> e.outcome().isEmpty()).isPresent()) {
                Action action = next.value().orElseThrow().action();
                errand.set(Optional.of(new Errand(action, Optional.of(carryOut(action)))));
                bell.run();
            }
        }
    }

    private Outcome carryOut(Action action) throws InterruptedException {
        try {
            return switch (action) {
                case Action.Create create -> create(create);
                case Action.Delete delete -> delete(delete);
                case Action.Patch patch -> patch(patch);
            };
        } catch (ApiFailure e) {
            return Outcome.Failed.of(e);
        } catch (RuntimeException e) { // a fault here must not cost the others their courier
            return new Outcome.Failed(e.toString(), true, Optional.empty());
        }
    }

    private Outcome create(Action.Create create) throws ApiFailure, InterruptedException {
        ObjectNode pod = MirrorObject.of(create.pod(), node, create.node());
        try {
            return stored(api.create(Paths.pods(create.name().namespace()), pod));
        } catch (ApiFailure.Refused e) {
            if (!e.reason().equals("AlreadyExists")) {
                throw e;
            }
            return exists(create); // by a request whose answer was lost, or it is another's
        }
    }

    private Outcome exists(Action.Create create) throws ApiFailure, InterruptedException {
        MirrorPod there = MirrorPod.of(api.get(Paths.pod(create.name())));
        if (!there.node().equals(node)) {
            return failed("the API server has a pod " + create.name()
                    + (there.node().isEmpty() ? " that is on no node" : " on node " + there.node())
                    + "; it is left alone, delete or rename one of the two");
        }
        return there.hash().equals(Optional.of(MirrorObject.hash(create.pod()))) && !there.deleting()
                ? new Outcome.Stored(there)
                : failed("the API server has another pod " + create.name() + " still");
    }

    private static Outcome failed(String reason) {
        return new Outcome.Failed(reason, true, Optional.empty());
    }

    private Outcome delete(Action.Delete delete) throws ApiFailure, InterruptedException {
        ObjectNode options = JsonNodeFactory.instance.objectNode().put("gracePeriodSeconds", 0);
        options.putObject("preconditions").put("uid", delete.uid());
        try {
            api.delete(Paths.pod(delete.name()), options);
            return new Outcome.Gone();
        } catch (ApiFailure.Refused e) {
            return goneOr(e, delete);
        }
    }

    private Outcome patch(Action.Patch patch) throws ApiFailure, InterruptedException {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putObject("metadata").put("uid", patch.uid()); // or else 409
        body.set("status", patch.patch());
        try {
            return stored(api.patch(Paths.pod(patch.name()) + "/status", Api.PatchType.MERGE, body));
        } catch (ApiFailure.Refused e) {
            return goneOr(e, patch);
        }
    }

    /** Not found, or another one by now. That is looked at: NodeRestriction goes by a cache, which may be behind. */
    private Outcome goneOr(ApiFailure.Refused refused, Action action) throws ApiFailure, InterruptedException {
        boolean saysSo = refused.code() == NOT_FOUND || refused.code() == CONFLICT;
        if (saysSo && find(action.name()).filter(pod -> pod.uid().equals(action.about())).isEmpty()) {
            return new Outcome.Gone();
        }
        throw refused;
    }

    private Optional<MirrorPod> find(PodName name) throws ApiFailure, InterruptedException {
        try {
            return Optional.of(MirrorPod.of(api.get(Paths.pod(name))));
        } catch (ApiFailure.Refused e) {
            if (e.code() == NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static Outcome stored(JsonNode pod) {
        return new Outcome.Stored(MirrorPod.of(pod));
    }
}
