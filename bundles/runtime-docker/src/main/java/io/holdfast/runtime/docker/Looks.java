package io.holdfast.runtime.docker;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import io.holdfast.pod.PodName;
import io.holdfast.runtime.ContainerRuntime.ContainerId;
import io.holdfast.runtime.ContainerRuntime.SandboxId;
import io.holdfast.runtime.Names;
import io.holdfast.runtime.ObservedPod;
import io.holdfast.runtime.ObservedPod.Sandbox;

/**
 * Looks at the Engine: one list, and what the list lacks (times, exit codes, addresses) for those containers that are new
 * or have changed their status; the rest is remembered. The list may lag behind a change by some milliseconds, and a
 * single container is never late, so that whoever knows of a change has it {@link #forget forgotten} before a look.
 */
final class Looks {

    /** A container as it was listed, sandbox or member. */
    private record Found(String id, Map<String, String> labels, String imageId, Details details) {

        boolean isSandbox() {
            return Labels.SANDBOX.equals(labels.get(Labels.TYPE));
        }

        String sandboxId() {
            return isSandbox() ? id : labels.getOrDefault(Labels.SANDBOX_ID, "");
        }
    }

    private final Engine engine;
    private final Map<String, Details> known = new ConcurrentHashMap<>();
    /** How often something was: what was asked for before that is not remembered after it. */
    private final AtomicLong forgotten = new AtomicLong();

    Looks(Engine engine) {
        this.engine = engine;
    }

    List<ObservedPod> all() throws InterruptedException {
        List<Json> listed = list(Map.of(Names.MANAGED, "true"));
        known.keySet().retainAll(listed.stream().map(Looks::id).collect(Collectors.toSet()));
        return observe(listed);
    }

    Optional<ObservedPod> one(PodName name) throws InterruptedException {
        return observe(list(Map.of(Names.MANAGED, "true", Names.POD_NAMESPACE, name.namespace(), Names.POD_NAME,
                name.name()))).stream().findFirst();
    }

    /** The members of a sandbox, which may be gone itself. */
    List<ContainerId> members(SandboxId sandbox) throws InterruptedException {
        return list(Map.of(Labels.SANDBOX_ID, sandbox.value())).stream().map(c -> new ContainerId(id(c))).toList();
    }

    void forget(String id) {
        forgotten.incrementAndGet();
        known.remove(id);
    }

    private List<Json> list(Map<String, String> labels) throws InterruptedException {
        return engine.get("/containers/json" + Query.of("all", "1", "filters", Query.labels(labels))).get().items();
    }

    private static String id(Json listed) {
        return listed.at("Id").text();
    }

    private List<ObservedPod> observe(List<Json> listed) throws InterruptedException {
        List<Found> found = new ArrayList<>();
        for (Json each : listed) {
            Map<String, String> labels = each.at("Labels").texts();
            if (Set.of(Labels.SANDBOX, Labels.CONTAINER).contains(labels.getOrDefault(Labels.TYPE, ""))) {
                details(each).ifPresent(d -> found.add(new Found(id(each), labels, each.at("ImageID").text(), d)));
            }
        }
        found.sort(Comparator.comparing((Found f) -> f.details().createdAt()).reversed());
        Map<PodName, List<Found>> byPod = found.stream()
                .collect(Collectors.groupingBy(f -> Labels.pod(f.labels()), TreeMap::new, Collectors.toList()));
        return byPod.entrySet().stream().map(e -> new ObservedPod(e.getKey(), sandboxes(e.getValue()))).toList();
    }

    /** Empty when it is gone meanwhile. */
    private Optional<Details> details(Json listed) throws InterruptedException {
        Details last = known.get(id(listed));
        if (last != null && last.status().equals(listed.at("State").text())) {
            return Optional.of(last);
        }
        long before = forgotten.get();
        Optional<Details> now = engine.get("/containers/" + id(listed) + "/json").ifThere().map(Details::of);
        known.compute(id(listed),
                (_, _) -> forgotten.get() == before ? now.filter(Details::isFinal).orElse(null) : null);
        return now;
    }

    /** @param pod newest first */
    private static List<Sandbox> sandboxes(List<Found> pod) {
        Map<String, List<ObservedPod.Container>> members = new HashMap<>();
        pod.stream().filter(f -> !f.isSandbox())
                .forEach(f -> members.computeIfAbsent(f.sandboxId(), _ -> new ArrayList<>()).add(container(f)));
        List<Sandbox> sandboxes = new ArrayList<>();
        for (Found each : pod) {
            if (each.isSandbox()) {
                sandboxes.add(sandbox(each, Objects.requireNonNullElse(members.remove(each.id()), List.of())));
            }
        }
        members.forEach((id, left) -> sandboxes.add(gone(id, left)));
        return sandboxes;
    }

    private static Sandbox sandbox(Found f, List<ObservedPod.Container> members) {
        return new Sandbox(new SandboxId(f.id()), uid(f.labels()), Labels.attempt(f.labels()), f.details().runs(),
                f.details().createdAt(), f.details().ips(), Labels.withoutAnnotations(f.labels()),
                Labels.annotations(f.labels()), members);
    }

    /**
     * Somebody has removed a sandbox and not its members. They are shown in one that is not ready, so that they are ended
     * and removed; their names would stand in the way of their successors.
     */
    private static Sandbox gone(String id, List<ObservedPod.Container> members) {
        Map<String, String> labels = members.getFirst().labels();
        return new Sandbox(new SandboxId(id), uid(labels), 0, false, Instant.EPOCH, List.of(), Map.of(), Map.of(),
                members);
    }

    private static String uid(Map<String, String> labels) {
        return labels.getOrDefault(Names.POD_UID, "");
    }

    private static ObservedPod.Container container(Found f) {
        Map<String, String> labels = f.labels();
        @Nullable String logPath = labels.get(Labels.LOG_PATH);
        return new ObservedPod.Container(new ContainerId(f.id()), labels.getOrDefault(Names.CONTAINER_NAME, ""),
                Labels.attempt(labels), f.details().state(), labels.getOrDefault(Labels.IMAGE, ""), f.imageId(),
                logPath, Labels.withoutAnnotations(labels), Labels.annotations(labels));
    }
}
