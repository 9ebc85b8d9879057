package io.holdfast.itests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;

import io.holdfast.itests.Engine.Container;

/**
 * The account of every pod: which version of it runs, in which container, and each start it ever had. A container writes
 * its version into a file of the pod's name when it starts, so that no start stays unseen. Pods are named without the
 * node.
 */
final class Ledger {

    /**
     * @param container empty while it is to be started
     * @param before the one that it takes the place of, which the engine may list for a while
     */
    private record Entry(int version, String container, String before) {
    }

    private final Engine engine;
    private final Path starts;
    private final Map<String, Entry> entries = new TreeMap<>();
    private final Map<String, List<String>> history = new HashMap<>();
    private final Set<String> crashed = new HashSet<>();

    Ledger(Engine engine, Path starts) {
        this.engine = engine;
        this.starts = starts;
    }

    /** These are to run from now on, and no others; those of another version than before are started once. */
    void want(Map<String, Integer> versions) {
        entries.keySet().retainAll(versions.keySet());
        versions.forEach((pod, version) -> {
            Entry before = entries.get(pod);
            if (before == null || before.version() != version) {
                startOnce(pod, version);
            }
        });
    }

    private void startOnce(String pod, int version) {
        Entry old = entries.get(pod);
        entries.put(pod, new Entry(version, "", old == null ? "" : old.container()));
        history.computeIfAbsent(pod, p -> new ArrayList<>()).add(Integer.toString(version));
    }

    boolean mayCrash() {
        return entries.entrySet().stream().anyMatch(e -> !crashed.contains(e.getKey() + e.getValue().version()));
    }

    /** Kills a pod's process, once each version of it: only the first crash is made good at once. */
    void crash(Random random) {
        List<String> candidates = entries.keySet().stream()
                .filter(pod -> !crashed.contains(pod + entry(pod).version())).toList();
        String pod = candidates.get(random.nextInt(candidates.size()));
        Entry entry = entry(pod);
        crashed.add(pod + entry.version());
        startOnce(pod, entry.version());
        Pods.process(pod, starts).destroyForcibly();
    }

    /**
     * What the engine has otherwise than it must be; empty when all is well.
     *
     * @throws AssertionError what waiting does not mend: a container was started that nobody asked for
     */
    String wrong() throws IOException {
        Map<String, List<Container>> running = engine.running().stream()
                .collect(Collectors.groupingBy(c -> pod(c.pod())));
        if (!running.keySet().equals(entries.keySet())) {
            return "on the engine run " + running.keySet() + ", expected " + entries.keySet();
        }
        for (var pod : running.entrySet()) {
            String wrong = wrong(pod.getKey(), pod.getValue());
            if (!wrong.isEmpty()) {
                return wrong;
            }
        }
        return "";
    }

    private String wrong(String pod, List<Container> running) throws IOException {
        Entry entry = entry(pod);
        String container = running.getFirst().id();
        List<String> written = Files.exists(starts.resolve(pod)) ? Files.readAllLines(starts.resolve(pod)) : List.of();
        List<String> expected = history.getOrDefault(pod, List.of());
        if (written.size() >= expected.size() && !written.equals(expected)) {
            throw new AssertionError(pod + " has been started with " + written + ", asked for was " + expected);
        }
        if (running.size() > 1 || !written.equals(expected) || container.equals(entry.before())) {
            return pod + " runs " + running.size() + " times, started with " + written + ", asked for " + expected;
        }
        if (entry.container().isEmpty()) {
            entries.put(pod, new Entry(entry.version(), container, ""));
        } else if (!entry.container().equals(container)) {
            throw new AssertionError(pod + " runs in " + container + " and not any more in " + entry.container());
        }
        return "";
    }

    /** What {@code pod:list} shows otherwise than it must be. */
    String shownWrong(JsonNode list) {
        Map<String, Boolean> ready = new TreeMap<>();
        list.path("items").forEach(p -> ready.put(pod(p.at("/metadata/name").asText()),
                p.at("/status/containerStatuses/0/ready").asBoolean()));
        return ready.keySet().equals(entries.keySet()) && !ready.containsValue(false) ? ""
                : "shown are the pods " + ready + ", expected " + entries.keySet();
    }

    /** Sandboxes, dead ones too, for which there is no pod. */
    List<String> leftOver() {
        List<String> names = new ArrayList<>(engine.sandboxes().stream().map(s -> pod(s.pod())).toList());
        entries.keySet().forEach(names::remove);
        return names;
    }

    int size() {
        return entries.size();
    }

    private Entry entry(String pod) {
        return Objects.requireNonNull(entries.get(pod));
    }

    private static String pod(String name) {
        return name.replaceFirst("-" + Agent.NODE + "$", "");
    }
}
