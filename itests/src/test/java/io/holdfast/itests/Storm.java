package io.holdfast.itests;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Swaps parts of an agent at random while pods run, and knows after each step what must run then: the pods that the
 * manifests asked for when there was last somebody to read them, each started as often as its manifest says.
 */
final class Storm {

    private static final String MANIFEST = "io.holdfast.manifest";
    private static final String RECONCILER = "io.holdfast.reconciler";
    private static final int TOGETHER = 4;

    /** A step that takes longer has failed; how long one may take is for the test to judge. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    /** All pods at once on an engine that has just begun is no swap. */
    private static final Duration START = Duration.ofSeconds(60);
    private static final int POLL_MILLIS = 20;

    /** @param weight how often it is chosen, beside the others that are possible */
    private record Operation(String name, int weight, boolean possible, Action action) {
    }

    private interface Action {

        void run() throws Exception;
    }

    /** @param seconds from the end of the operation until all is as it must be */
    record Step(String operation, double seconds) {
    }

    private final Agent agent;
    private final Ledger ledger;
    private final Parts parts;
    private final List<Place> places;
    private final String runtime;
    private final Random random;
    private int version = 1;

    /** @param runtime the bundle of the engine that is used */
    Storm(Agent agent, Ledger ledger, Parts parts, List<Place> places, String runtime, long seed) {
        this.agent = agent;
        this.ledger = ledger;
        this.parts = parts;
        this.places = places;
        this.runtime = runtime;
        this.random = new Random(seed);
    }

    /** One random operation, and the wait until the agent has settled. */
    Step step() throws Exception {
        return run(choose(operations().filter(Operation::possible).toList()));
    }

    /** Everything is put back, and runs. */
    List<Step> calm() throws Exception {
        List<Step> steps = new ArrayList<>();
        for (Operation repair = repair(); repair != null; repair = repair()) {
            steps.add(run(repair));
        }
        return steps;
    }

    /** Waits until all is as it must be after the agent was started. */
    void started() throws Exception {
        settle("start", START);
    }

    private Step settle(String operation, Duration most) throws Exception {
        for (Place place : places) {
            if (place.configured() && parts.up(MANIFEST, place.bundle())) {
                place.read();
            } else if (!place.configured() && parts.up(MANIFEST)) {
                place.withdrawn();
            }
        }
        if (live()) {
            Map<String, Integer> wanted = new TreeMap<>();
            places.forEach(place -> wanted.putAll(place.inForce()));
            ledger.want(wanted);
        }
        long begin = System.nanoTime();
        for (String wrong = wrong(); !wrong.isEmpty(); wrong = wrong()) {
            if (System.nanoTime() - begin > most.toNanos()) {
                throw new AssertionError("after '" + operation + "': " + wrong);
            }
            Thread.sleep(POLL_MILLIS);
        }
        return new Step(operation, (System.nanoTime() - begin) / 1e9);
    }

    private boolean live() {
        return parts.up(MANIFEST, RECONCILER, runtime);
    }

    /** What is not as it must be; empty when all is well. The engine is asked first, as that is quick. */
    private String wrong() throws Exception {
        String onEngine = ledger.wrong();
        return onEngine.isEmpty() && parts.up(Parts.SHELL) ? shownWrong() : onEngine;
    }

    private String shownWrong() throws Exception {
        Agent.Output shown = agent.shell("lb -s", "source:list -o json", "pod:list -o json");
        if (!parts.settled(Parts.listed(shown.out()))) {
            return "the bundles are " + shown.out().lines().filter(l -> l.contains("holdfast")).toList() + shown.err();
        }
        List<JsonNode> answers = Agent.json(shown.out());
        if (answers.size() < (live() ? 2 : parts.up(MANIFEST) ? 1 : 0)) {
            return "the shell says " + shown;
        }
        String sources = parts.up(MANIFEST) ? sourcesWrong(answers.getFirst()) : "";
        return sources.isEmpty() && live() ? ledger.shownWrong(answers.getLast()) : sources;
    }

    private String sourcesWrong(JsonNode list) {
        Map<String, String> shown = new TreeMap<>();
        list.path("items").forEach(s -> shown.put(s.path("name").asText(), s.path("state").asText()));
        return shown.equals(states()) ? "" : "the sources are " + shown + ", expected " + states();
    }

    private Map<String, String> states() {
        Map<String, String> states = new TreeMap<>();
        for (Place place : places) {
            boolean there = place.configured() && parts.up(place.bundle());
            if (there || !place.inForce().isEmpty()) {
                states.put(place.source(), there ? "watching" : "absent");
            }
        }
        return states;
    }

    // ---- what may be done

    private Step run(Operation operation) throws Exception {
        operation.action().run();
        return settle(operation.name(), PATIENCE);
    }

    private Stream<Operation> operations() {
        Operation repair = repair();
        if (repair != null && random.nextBoolean()) {
            return Stream.of(repair);
        }
        return Stream.of(swaps(any(parts.installed())), configurations(any(places)), manifests(any(places)))
                .flatMap(List::stream);
    }

    private Operation choose(List<Operation> possible) {
        int left = random.nextInt(possible.stream().mapToInt(Operation::weight).sum());
        for (Operation operation : possible) {
            left -= operation.weight();
            if (left < 0) {
                return operation;
            }
        }
        throw new IllegalStateException("nothing is possible");
    }

    /** @return null when nothing is out of place */
    private @Nullable Operation repair() {
        boolean shell = parts.up(Parts.SHELL);
        List<Operation> repairs = new ArrayList<>();
        for (String out : parts.takenOut()) {
            repairs.add(new Operation("put back " + out, 1, true, () -> parts.putBack(out)));
        }
        for (String stopped : parts.stopped()) {
            repairs.add(stopped.equals(Parts.SHELL)
                    ? new Operation("take out " + stopped, 1, true, () -> parts.takeOut(stopped))
                    : new Operation("start " + stopped, 1, shell, () -> parts.start(stopped)));
        }
        for (Place place : places) {
            repairs.add(new Operation("configure " + place.source(), 1, !place.configured(),
                    () -> place.configure(agent)));
        }
        List<Operation> possible = repairs.stream().filter(Operation::possible).toList();
        return possible.isEmpty() ? null : any(possible);
    }

    private List<Operation> swaps(String part) {
        boolean shell = parts.up(Parts.SHELL);
        List<String> some = Stream.generate(() -> any(parts.installed())).limit(TOGETHER).distinct().toList();
        return List.of(new Operation("stop " + part, 4, shell && parts.up(part), () -> parts.stop(part)),
                new Operation("update " + part, 6, shell, () -> parts.update(part)),
                new Operation("overwrite " + part, 2, true, () -> parts.overwrite(part)),
                new Operation("take out " + part, 2, shell, () -> parts.takeOut(part)),
                new Operation("update at the same time " + some, 2, shell, () -> parts.updateTogether(some)));
    }

    private List<Operation> configurations(Place place) {
        return List.of(
                new Operation("change the configuration of " + place.source(), 3, place.configured(),
                        () -> place.configure(agent, place.harmless() + "=" + (30 + random.nextInt(30)))),
                new Operation("delete the configuration of " + place.source(), 2, place.configured(),
                        () -> place.unconfigure(agent)),
                new Operation("change the configuration of the reconciler", 1, true,
                        () -> agent.config(RECONCILER, "relist.seconds=" + (5 + random.nextInt(20)))),
                new Operation("change the configuration of the node", 1, true,
                        () -> agent.configureNode("ip=127.0.0." + (1 + random.nextInt(200)))));
    }

    /** A pod whose removal was read but not carried out before the manifest bundle went is left until its source speaks. */
    private List<Operation> manifests(Place place) {
        String pod = any(List.copyOf(new TreeSet<>(place.lying().keySet())));
        return List.of(new Operation("edit " + pod + " in " + place.source(), 4, true, () -> place.put(pod, ++version)),
                new Operation("remove " + pod + " from " + place.source(), 2, live() && place.lying().size() > 1,
                        () -> place.remove(pod)),
                new Operation("add a pod to " + place.source(), 2, place.lying().size() < place.most(),
                        () -> place.put(place.unused(), ++version)),
                new Operation("kill a process", 2, live() && ledger.mayCrash(), () -> ledger.crash(random)));
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
