package io.holdfast.itests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;

import io.holdfast.itests.Engine.Container;
import io.holdfast.itests.Engine.Sandbox;

/** Pods of many kinds that come, change and go, and what of them must be there once the agent has had its time. */
final class Herd {

    private static final String SLEEPS = "[sh, -c, \"trap 'exit 0' TERM; while :; do sleep 3600 & wait; done\"]";

    /** @param containers that run; none where the pod completes */
    private record Kind(int containers, String spec) {
    }

    /** Each needs something of the node that has to go with it: mounts, files, processes. */
    private static final Map<String, Kind> KINDS = Map.of(
            "plain", new Kind(1, """
                  containers:
                  - {name: main, image: IMAGE, command: SLEEPS}
                """),
            "steps", new Kind(2, """
                  initContainers:
                  - {name: first, image: IMAGE, command: [sh, -c, "echo first > /shared/order"], volumeMounts: [{name: shared, mountPath: /shared}]}
                  - {name: proxy, image: IMAGE, command: SLEEPS, restartPolicy: Always}
                  - {name: last, image: IMAGE, command: [grep, first, /shared/order], volumeMounts: [{name: shared, mountPath: /shared}]}
                  containers:
                  - {name: main, image: IMAGE, command: SLEEPS, volumeMounts: [{name: shared, mountPath: /shared}]}
                  volumes:
                  - {name: shared, emptyDir: {}}
                """),
            "memory", new Kind(1, """
                  containers:
                  - {name: main, image: IMAGE, command: SLEEPS, volumeMounts: [{name: shared, mountPath: /shared}, {name: scratch, mountPath: /scratch}]}
                  volumes:
                  - {name: shared, emptyDir: {medium: Memory, sizeLimit: 1Mi}}
                  - {name: scratch, emptyDir: {}}
                """),
            "config", new Kind(1, """
                  containers:
                  - name: main
                    image: IMAGE
                    command: SLEEPS
                    volumeMounts: [{name: all, mountPath: /config}, {name: all, mountPath: /etc/one, subPath: version}]
                  volumes:
                  - name: all
                    projected:
                      sources: [{configMap: {name: settings}}, {secret: {name: password}}, {downwardAPI: {items: [{path: name, fieldRef: {fieldPath: metadata.name}}]}}]
                """),
            "secret", new Kind(1, """
                  containers:
                  - {name: main, image: IMAGE, command: SLEEPS, envFrom: [{secretRef: {name: password}}], volumeMounts: [{name: keys, mountPath: /keys}]}
                  volumes:
                  - {name: keys, secret: {secretName: password}}
                """),
            "probed", new Kind(1, """
                  containers:
                  - name: main
                    image: IMAGE
                    command: SLEEPS
                    readinessProbe: {exec: {command: ["true"]}, periodSeconds: 1}
                    lifecycle: {preStop: {exec: {command: ["true"]}}}
                    securityContext: {runAsUser: 1000, capabilities: {drop: [ALL]}, readOnlyRootFilesystem: true}
                    resources: {limits: {memory: 64Mi, cpu: 500m}}
                """),
            "job", new Kind(0, """
                  restartPolicy: Never
                  containers:
                  - {name: main, image: IMAGE, command: [sh, -c, "sleep 0.2"]}
                """));

    private final Agent agent;
    private final Engine engine;
    private final Random random;
    /** Pod, as its file is called → the version that its manifest has. */
    private final Map<String, Integer> wanted = new TreeMap<>();
    private final Set<String> touched = new TreeSet<>();
    private final Set<String> uids = new TreeSet<>();
    private Map<String, Set<String>> settled = new TreeMap<>();
    private int version;
    private int configured;

    Herd(Agent agent, Engine engine, Random random) {
        this.agent = agent;
        this.engine = engine;
        this.random = random;
    }

    /** Something changes: a pod comes, changes or goes, or what pods are configured with. */
    void change() throws IOException {
        List<String> names = KINDS.keySet().stream().sorted().flatMap(kind -> Stream.of(kind + "-a", kind + "-b")).toList();
        String pod = names.get(random.nextInt(names.size()));
        switch (random.nextInt(10)) {
            case 0, 1, 2 -> remove(pod);
            case 3 -> configure();
            default -> put(pod);
        }
    }

    /** A pod that reads it through its environment or a subPath restarts; the others have new files. */
    void configure() throws IOException {
        wanted.keySet().stream().filter(pod -> pod.startsWith("config") || pod.startsWith("secret")).forEach(touched::add);
        agent.manifest("objects.yaml", """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: settings}
                data: {version: "%1$d"}
                ---
                apiVersion: v1
                kind: Secret
                metadata: {name: password}
                stringData: {PASSWORD: "secret %1$d"}
                """.formatted(configured = ++version));
    }

    private void put(String pod) throws IOException {
        wanted.put(pod, ++version);
        touched.add(pod);
        agent.manifest(pod + ".yaml", """
                apiVersion: v1
                kind: Pod
                metadata: {name: %s, labels: {version: "%d"}}
                spec:
                  hostNetwork: true
                  terminationGracePeriodSeconds: 1
                """.formatted(pod, version)
                + kind(pod).spec().replace("IMAGE", Agent.IMAGE).replace("SLEEPS", SLEEPS));
    }

    private void remove(String pod) throws IOException {
        if (wanted.remove(pod) != null) {
            touched.add(pod);
            agent.remove(pod + ".yaml");
        }
    }

    void removeAll() throws IOException {
        for (String pod : List.copyOf(wanted.keySet())) {
            remove(pod);
        }
    }

    private static Kind kind(String pod) {
        return Objects.requireNonNull(KINDS.get(pod.substring(0, pod.indexOf('-'))));
    }

    /** What is not as the manifests say; empty when all is well. */
    String wrong() throws IOException, InterruptedException {
        List<Sandbox> sandboxes = engine.sandboxes();
        sandboxes.forEach(sandbox -> uids.add(sandbox.uid()));
        Map<String, Integer> live = sandboxes.stream().collect(Collectors.toMap(s -> shortName(s.pod()),
                s -> Integer.valueOf(s.labels().getOrDefault("version", "0")), (one, _) -> -one, TreeMap::new));
        if (!live.equals(wanted)) { // one that is there twice has a negative version
            return "versions of sandboxes " + live + ", wanted " + wanted;
        }
        Map<String, Set<String>> running = running();
        for (String pod : wanted.keySet()) {
            int containers = running.getOrDefault(pod, Set.of()).size();
            if (containers != kind(pod).containers()) {
                return containers + " containers of " + pod + " run";
            }
        }
        for (Sandbox sandbox : sandboxes) {
            Path file = agent.home().resolve("var/pods/" + sandbox.uid() + "/volumes/kubernetes.io~projected/all/version");
            if (shortName(sandbox.pod()).startsWith("config")) {
                String version = Files.exists(file) ? Files.readString(file) : "none";
                if (!version.equals("" + configured)) {
                    return sandbox.pod() + " has version " + version + " of its configuration, not " + configured;
                }
            }
        }
        return shownWrong();
    }

    private Map<String, Set<String>> running() {
        return engine.running().stream().collect(Collectors.groupingBy(c -> shortName(c.pod()), TreeMap::new,
                Collectors.mapping(Container::id, Collectors.toSet())));
    }

    private String shownWrong() throws IOException, InterruptedException {
        Map<String, String> phases = new TreeMap<>();
        for (JsonNode pod : agent.pods()) {
            phases.put(shortName(pod.at("/metadata/name").asText()), pod.at("/status/phase").asText());
        }
        Map<String, String> expected = new TreeMap<>();
        wanted.keySet().forEach(pod -> expected.put(pod, kind(pod).containers() == 0 ? "Succeeded" : "Running"));
        return phases.equals(expected) ? "" : "pods are " + phases + ", expected " + expected;
    }

    /** After {@link #wrong} said that all is well: the pods that ran before, whose manifests stayed, and which run elsewhere. */
    List<String> restarted() {
        Map<String, Set<String>> now = running();
        List<String> restarted = new ArrayList<>();
        settled.forEach((pod, containers) -> {
            if (!touched.contains(pod) && !containers.equals(now.get(pod))) {
                restarted.add(pod);
            }
        });
        settled = now;
        touched.clear();
        return restarted;
    }

    /** Mounts, cgroups and directories of pods that are gone. */
    List<String> leftOver() throws IOException {
        Set<String> gone = new TreeSet<>(uids);
        engine.sandboxes().forEach(sandbox -> gone.remove(sandbox.uid()));
        List<String> traces = new ArrayList<>(Files.readAllLines(Path.of("/proc/self/mounts")));
        traces.removeIf(mount -> !mount.contains(agent.home().toString()));
        List<Path> places = new ArrayList<>(PodCgroupDirs.ofAgent(agent.home()));
        places.addAll(List.of(agent.home().resolve("var"), agent.logDirectory()));
        for (Path place : places) {
            try (Stream<Path> files = Files.walk(place, 7)) {
                files.filter(Files::isDirectory).map(Path::toString).forEach(traces::add);
            } catch (UncheckedIOException e) { // something was just removed: look again
                return List.of(String.valueOf(e.getMessage()));
            }
        }
        return traces.stream().filter(trace -> gone.stream()
                .anyMatch(uid -> trace.contains(uid) || trace.contains(uid.replace('-', '_')))).toList();
    }

    private static String shortName(String pod) {
        return pod.substring(0, pod.length() - Agent.NODE.length() - 1);
    }
}
