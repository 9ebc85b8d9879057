package io.holdfast.itests;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The bundles of a running agent, swapped as a person does it: with shell commands, and with jars in its directory. */
final class Parts {

    static final String SHELL = "io.holdfast.shell";

    private static final Pattern LISTED = Pattern.compile("(?m)^\\s*(\\d+)\\|(\\w+)\\s*\\|\\s*\\d+\\|(\\S+) ");
    /** The directory is looked at more often than that. */
    private static final long SEEN_MILLIS = 2_000;
    private static final Duration SOON = Duration.ofSeconds(10);

    /** @param state as the framework says it: Active, Resolved, … */
    record Listed(int id, String state) {
    }

    private final Agent agent;
    private final Path aside;
    private final List<String> all;
    /** Symbolic name → whether it is to run; those not in here are not installed. */
    private final Map<String, Boolean> wanted = new TreeMap<>();

    /** @param aside a directory on the same file system, for jars that are taken out */
    Parts(Agent agent, Path aside, List<String> names) {
        this.agent = agent;
        this.aside = aside;
        this.all = names;
        names.forEach(name -> wanted.put(name, true));
    }

    boolean up(String... names) {
        return List.of(names).stream().allMatch(name -> wanted.getOrDefault(name, false));
    }

    List<String> installed() {
        return List.copyOf(wanted.keySet());
    }

    List<String> stopped() {
        return wanted.keySet().stream().filter(name -> !up(name)).toList();
    }

    List<String> takenOut() {
        return all.stream().filter(name -> !wanted.containsKey(name)).toList();
    }

    void stop(String name) throws Exception {
        wanted.put(name, false);
        command("stop", name);
    }

    void start(String name) throws Exception {
        wanted.put(name, true);
        command("start", name);
    }

    void update(String name) throws Exception {
        command("update", name);
    }

    /** All at the same time, each from a shell of its own. */
    void updateTogether(List<String> names) throws Exception {
        List<String> ids = names.stream().map(this::id).toList();
        List<Callable<Agent.Output>> updates = ids.stream().<Callable<Agent.Output>>map(
                id -> () -> agent.cli("update", id)).toList();
        try (ExecutorService all = Executors.newVirtualThreadPerTaskExecutor()) {
            all.invokeAll(updates);
        }
    }

    /** Copies the same jar over itself, as an upgrade does. */
    void overwrite(String name) throws Exception {
        Path next = aside.resolve(name + ".next");
        Files.copy(jar(name), next, StandardCopyOption.REPLACE_EXISTING);
        Files.move(next, jar(name), StandardCopyOption.ATOMIC_MOVE);
        if (name.equals(SHELL)) {
            Thread.sleep(SEEN_MILLIS); // or else it would go away in the middle of the next command
        }
    }

    /** Moves the jar out of the directory and waits until that has been seen. */
    void takeOut(String name) throws Exception {
        Files.move(jar(name), aside.resolve(name + ".jar"));
        wanted.remove(name);
        if (name.equals(SHELL)) {
            Thread.sleep(SEEN_MILLIS); // there is nobody to ask
        } else {
            await().atMost(SOON).pollDelay(Duration.ZERO).until(() -> isGone(listed(agent.cli("lb", "-s").out()), name));
        }
    }

    void putBack(String name) throws IOException {
        Files.move(aside.resolve(name + ".jar"), jar(name));
        wanted.put(name, true);
    }

    /** Whether every bundle is as it is to be; no other source is there. */
    boolean settled(Map<String, Listed> listed) {
        Map<String, Boolean> found = new TreeMap<>();
        listed.forEach((name, bundle) -> {
            if (wanted.containsKey(name) || name.startsWith("io.holdfast.source")) {
                found.put(name, bundle.state().equals("Active"));
            }
        });
        return found.equals(wanted);
    }

    private static boolean isGone(Map<String, Listed> listed, String name) {
        return !listed.isEmpty() && !listed.containsKey(name);
    }

    static Map<String, Listed> listed(String table) {
        Map<String, Listed> bundles = new HashMap<>();
        for (Matcher row = LISTED.matcher(table); row.find();) {
            bundles.put(row.group(3), new Listed(Integer.parseInt(row.group(1)), row.group(2)));
        }
        return bundles;
    }

    private void command(String verb, String name) throws Exception {
        var _ = agent.cli(verb, id(name));
    }

    private String id(String name) {
        return id(agent, name);
    }

    /** Waits for the shell to answer, and for the bundle to be installed. */
    static String id(Agent agent, String name) {
        Map<String, Listed> all = await().atMost(SOON).pollDelay(Duration.ZERO)
                .until(() -> listed(agent.cli("lb", "-s").out()), listed -> listed.containsKey(name));
        return Integer.toString(Objects.requireNonNull(all.get(name)).id());
    }

    private Path jar(String name) {
        return agent.bundles().resolve(name + ".jar");
    }
}
