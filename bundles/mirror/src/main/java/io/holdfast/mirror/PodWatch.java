package io.holdfast.mirror;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import com.fasterxml.jackson.databind.JsonNode;

import io.holdfast.cell.Cell;
import io.holdfast.kit.thread.Threads;

/**
 * Knows which pods the API server has for this node: lists them once, then lets itself be told. Also knows whether there is
 * a server at all, as there is always this one request under way.
 */
final class PodWatch implements Threads.Body {

    private static final Logger LOG = LoggerFactory.getLogger(PodWatch.class);
    private static final Duration LEAST = Duration.ofMillis(200);
    /** After so long a server ends a watch; some more or less, so that a fleet does not come back at once. */
    private static final int WATCH_SECONDS = 300;
    /** HTTP's word for a resource version that is too old. */
    private static final int GONE = 410;

    /** Whoever failed so often may never get on from where it was. */
    private static final int LIST_AFTER = 3;

    private final Api api;
    private final String pods;
    private final Cell<Sight> sight;
    private final Random random = new Random();
    private final Backoff backoff = Backoff.usual(random);
    private int failures;

    PodWatch(Api api, String node, Cell<Sight> sight) {
        this.api = api;
        this.pods = Paths.podsOf(node);
        this.sight = sight;
    }

    @Override
    public void run() throws InterruptedException {
        while (true) {
            try {
                follow();
            } catch (ApiFailure e) {
                failed(e);
                Thread.sleep(backoff.after(failures, e.retryAfter()));
            }
        }
    }

    /** As long as nothing fails. */
    private void follow() throws ApiFailure, InterruptedException {
        if (sight.value().mirrors().known() && failures < LIST_AFTER) {
            api.get("/version"); // the watch itself says nothing before there is news
        } else {
            list();
        }
        reached();
        while (true) {
            watch();
        }
    }

    private void list() throws ApiFailure, InterruptedException {
        JsonNode list = api.get(pods);
        List<MirrorPod> all = new ArrayList<>();
        list.path("items").forEach(pod -> all.add(MirrorPod.of(pod)));
        Mirrors listed = Mirrors.listed(MirrorPod.version(list), all);
        sight.update(s -> s.withMirrors(_ -> listed));
    }

    private void watch() throws ApiFailure, InterruptedException {
        int seconds = WATCH_SECONDS + random.nextInt(WATCH_SECONDS);
        Instant began = Instant.now();
        try {
            api.watch(pods + "&watch=true&allowWatchBookmarks=true&timeoutSeconds=" + seconds + "&resourceVersion="
                    + sight.value().mirrors().position(), this::told);
        } catch (ApiFailure.Refused e) {
            if (e.code() != GONE) {
                throw e;
            }
            LOG.debug("pods are listed again, as what happened meanwhile is not known any more: {}", e.getMessage());
            list();
        }
        if (Duration.between(began, Instant.now()).compareTo(LEAST) < 0) {
            Thread.sleep(LEAST); // a server that ends every watch at once is not to be stormed
        }
    }

    private void told(JsonNode event) {
        JsonNode object = event.path("object");
        sight.update(s -> s.withMirrors(mirrors -> switch (event.path("type").asText()) {
            case "ADDED", "MODIFIED" -> mirrors.told(MirrorPod.of(object));
            case "DELETED" -> mirrors.toldGone(MirrorPod.of(object));
            default -> mirrors.toldNothingUpTo(MirrorPod.version(object)); // a bookmark
        }));
    }

    private void reached() {
        Link before = sight.value().link();
        if (before.since() != null) {
            LOG.info("API server {} reachable again after {} s", api.server(),
                    Duration.between(before.since(), Instant.now()).toSeconds());
        } else if (!before.isUp()) {
            LOG.info("API server {} reached", api.server());
        }
        failures = 0;
        sight.update(s -> s.withLink(Link.UP));
    }

    private void failed(ApiFailure e) {
        failures++;
        String why = String.valueOf(e.getMessage());
        Link before = sight.value().link();
        if (before.since() == null) {
            LOG.warn("API server {} {}, retrying; pods run on: {}", api.server(),
                    e instanceof ApiFailure.Refused ? "does not show its pods" : "cannot be reached", why);
        }
        sight.update(s -> s.withLink(before.failed(why, Instant.now())));
    }
}
