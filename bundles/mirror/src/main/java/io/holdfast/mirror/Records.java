package io.holdfast.mirror;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.holdfast.pod.PodName;
import io.holdfast.status.Publication;

/** What came of the requests about each pod, for the plan and for people. Owned by one thread. */
final class Records {

    private static final Logger LOG = LoggerFactory.getLogger(Records.class);
    private static final ObjectNode NOTHING = JsonNodeFactory.instance.objectNode();
    /** Of requests that were refused (behaviour M8). */
    private static final Backoff REFUSED = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(1),
            new Random());
    /** Of requests without an answer: it is the server that is slow, not the pod that is wrong. */
    private static final Backoff UNANSWERED = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(5),
            new Random());
    private static final String IMPOSSIBLE = "";

    private final Map<PodName, Memory> memories = new HashMap<>();
    private final Set<PodName> mirrored = new HashSet<>();

    Memory of(PodName name) {
        return memories.getOrDefault(name, Memory.NONE);
    }

    void retain(Collection<PodName> names) {
        memories.keySet().retainAll(names);
        mirrored.retainAll(names);
    }

    /** @param there whether it has a mirror now */
    void seen(PodName name, boolean there, Instant now) {
        if (there) {
            mirrored.add(name);
        } else if (mirrored.remove(name)) {
            memories.put(name, Memory.gone(now));
        }
    }

    void stored(Action action, MirrorPod pod, Instant now) {
        ObjectNode sent = action instanceof Action.Patch patch ? patch.wanted() : NOTHING;
        memories.put(action.name(), Memory.written(new Memory.Written(pod.uid(), sent, pod.status(), now)));
        if (action instanceof Action.Create && pod.hash().isPresent()) {
            LOG.info("pod {} is shown by the API server", action.name());
        }
    }

    void gone(Action action) {
        memories.remove(action.name());
        if (action instanceof Action.Delete(_, _, String why)) {
            LOG.info("mirror of pod {} removed from the API server: {}", action.name(), why);
        }
    }

    /** There is nothing to do about it, whatever failed before. */
    void well(PodName name) {
        memories.computeIfPresent(name, (_, memory) -> memory.well());
    }

    void failed(Action action, Outcome.Failed failed, Instant now) {
        Memory memory = of(action.name());
        Memory.Trouble before = memory.troubleAbout(action.about()).orElse(null);
        int attempts = before == null ? 1 : before.attempts() + 1;
        Duration wait = (failed.answered() ? REFUSED : UNANSWERED).after(attempts, failed.pause());
        if (failed.answered() && (before == null || !before.reason().equals(failed.reason()))) {
            LOG.warn("pod {} cannot be shown by the API server, retrying; it runs regardless: {}", action.name(),
                    failed.reason());
        }
        memories.put(action.name(), memory.failed(new Memory.Trouble(action.about(), failed.reason(),
                failed.answered(), attempts, before == null ? now : before.since(), now.plus(wait))));
    }

    /** Known without asking. */
    void impossible(PodName name, String reason, Instant now) {
        Memory.Trouble before = of(name).troubleAbout(IMPOSSIBLE).orElse(null);
        if (before == null || !before.reason().equals(reason)) {
            LOG.warn("pod {} is not shown by the API server; it runs regardless: {}", name, reason);
            memories.put(name, of(name).failed(
                    new Memory.Trouble(IMPOSSIBLE, reason, true, 0, now, Instant.MAX)));
        }
    }

    /** @param ahead how much the machine's clock is ahead of the one that {@code now} was told by all the time */
    Publication.State state(String server, Sight sight, Duration ahead) {
        Map<PodName, Publication.Refusal> refused = new HashMap<>();
        memories.forEach((name, memory) -> memory.trouble()
                .filter(t -> t.answered() && sight.pods().containsKey(name))
                .ifPresent(t -> refused.put(name, new Publication.Refusal(t.reason(), t.since().plus(ahead),
                        t.attempts(), t.until().equals(Instant.MAX) ? Instant.MAX : t.until().plus(ahead)))));
        int shown = (int) sight.mirrors().pods().values().stream().filter(m -> m.hash().isPresent()
                && sight.pods().containsKey(m.name()) && !refused.containsKey(m.name())).count();
        Link trouble = sight.link().isUp() ? sight.registration() : sight.link();
        return new Publication.State(server, trouble.failure(), trouble.since(), shown, refused);
    }
}
