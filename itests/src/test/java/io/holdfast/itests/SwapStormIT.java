package io.holdfast.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import io.holdfast.itests.Storm.Step;

/**
 * Many random swaps of every part of the agent while twenty pods run: by shell command and by file, one at a time
 * and several at once. No container is started that no manifest asks for, no pod is lost or doubled.
 */
@Tag("long")
class SwapStormIT {

    private static final int STEPS = Integer.getInteger("holdfast.storm.steps", 1000);
    private static final long SEED = Long.getLong("holdfast.storm.seed", 1);
    /** What the agent may take to settle, and how many of a hundred steps may take longer because the machine is busy. */
    private static final double SETTLED_SECONDS = 2;
    private static final double LONGER_PERCENT = 5;

    /** A bundle that the product does not start with. */
    private static final String GIT = "io.holdfast.source.git";

    @RegisterExtension
    final Lab lab = new Lab();
    private final List<Place> places = new ArrayList<>();
    private Agent agent;
    private Path starts;
    private ManifestServer server;

    @BeforeEach
    void product() throws Exception {
        Path product = lab.directory().resolve("product");
        new ProcessBuilder("cp", "-a", Agent.PRODUCT.toString(), product.toString()).inheritIO().start().waitFor();
        server = new ManifestServer("items: []");
        starts = Files.createDirectories(lab.directory().resolve("starts"));
        agent = new Agent(product, lab.directory().resolve("home"), lab.engine());
        agent.removeConfig("io.holdfast.source.file~main");
        Files.copy(product.resolve("extra").resolve(GIT + ".jar"), agent.bundles().resolve(GIT + ".jar"));
        places.addAll(List.of(directory("file~one", 7), directory("file~two", 4), url("http~fleet", 6),
                repository("git~ops", 3)));
    }

    @AfterEach
    void stop() {
        agent.close();
        server.close();
    }

    @Test
    void randomSwapsOfEveryPartRestartNothing() throws Exception {
        Path aside = Files.createDirectories(lab.directory().resolve("aside"));
        Ledger ledger = new Ledger(lab.engine(), starts);
        List<String> names = List.of("io.holdfast.manifest", "io.holdfast.reconciler", lab.engine().bundle(),
                Parts.SHELL, "io.holdfast.source.file", "io.holdfast.source.http", GIT);
        Storm storm = new Storm(agent, ledger, new Parts(agent, aside, names), places, lab.engine().bundle(), SEED);
        for (Place place : places) {
            while (place.lying().size() < place.most()) {
                place.put(place.unused(), 1);
            }
            place.configure(agent);
        }
        agent.start();
        storm.started();
        List<Step> steps = new ArrayList<>();
        try {
            while (steps.size() < STEPS) {
                steps.add(storm.step());
            }
            steps.addAll(storm.calm());
        } catch (Throwable e) {
            System.err.println("seed " + SEED + ", after " + steps.size() + " steps, the last of them "
                    + steps.subList(Math.max(0, steps.size() - 20), steps.size()) + "\n" + agent.log());
            throw e;
        }
        Lab.soon(() -> assertThat(ledger.leftOver()).isEmpty());
        judge(steps);
    }

    private static void judge(List<Step> steps) {
        List<Step> slow = steps.stream().filter(s -> s.seconds() > SETTLED_SECONDS)
                .sorted(Comparator.comparingDouble(Step::seconds).reversed()).toList();
        double[] sorted = steps.stream().mapToDouble(Step::seconds).sorted().toArray();
        System.out.printf("settled after %d swaps: median %.2f s, p99 %.2f s, longest %s%n", sorted.length,
                sorted[sorted.length / 2], sorted[sorted.length * 99 / 100], slow.stream().limit(3).toList());
        assertThat(slow.size()).as("slower than %s s: %s", SETTLED_SECONDS, slow)
                .isLessThanOrEqualTo((int) (steps.size() * LONGER_PERCENT / 100));
    }

    private Place directory(String source, int most) throws Exception {
        Path directory = Files.createDirectories(lab.directory().resolve(source));
        return new Place(source, "io.holdfast.source.file", most, "rescan", List.of("path=" + directory), this::manifest,
                Shelves.directory(directory));
    }

    private Place url(String source, int most) {
        return new Place(source, "io.holdfast.source.http", most, "timeout",
                List.of("url=" + server.url(), "period=1", "long.poll=30"), this::manifest, Shelves.server(server));
    }

    private Place repository(String source, int most) throws Exception {
        Path repository = lab.directory().resolve(source);
        return new Place(source, GIT, most, "timeout", List.of("repository=" + repository, "period=1"), this::manifest,
                Shelves.repository(repository));
    }

    private String manifest(String pod, int version) {
        return Pods.withVolume(pod, "echo " + version + " >> /data/" + pod
                + "; trap 'exit 0' TERM; while :; do sleep 3600 & wait; done", starts);
    }
}
