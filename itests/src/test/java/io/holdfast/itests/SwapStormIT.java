package io.holdfast.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import io.holdfast.itests.Storm.Step;

/**
 * A thousand random swaps of every part of the agent while twenty pods run: by shell command and by file, one at a time
 * and several at once. No container is started that no manifest asks for, no pod is lost or doubled.
 */
class SwapStormIT {

    private static final int STEPS = Integer.getInteger("holdfast.storm.steps", 1000);
    private static final long SEED = Long.getLong("holdfast.storm.seed", 1);
    /** What the agent may take to settle, and how many of a hundred steps may take longer because the machine does. */
    private static final double SETTLED_SECONDS = 2;
    private static final double LONGER_PERCENT = 1;

    private static final List<String> PARTS = List.of("io.holdfast.manifest", "io.holdfast.reconciler",
            "io.holdfast.runtime.cri", Parts.SHELL, "io.holdfast.source.file");

    @RegisterExtension
    final Lab lab = new Lab();
    private final List<Place> places = new ArrayList<>();
    private Agent agent;
    private Path starts;

    @BeforeEach
    void product() throws Exception {
        Path product = lab.directory().resolve("product");
        new ProcessBuilder("cp", "-a", Agent.PRODUCT.toString(), product.toString()).inheritIO().start().waitFor();
        starts = Files.createDirectories(lab.directory().resolve("starts"));
        agent = new Agent(product, lab.directory().resolve("home"), Lab.ENGINE.resolve("containerd.sock"));
        agent.removeConfig("io.holdfast.source.file~main");
        places.add(directory("file~one", 8));
        places.add(directory("file~two", 6));
        places.add(directory("file~three", 6));
    }

    @AfterEach
    void stop() {
        agent.close();
    }

    @Test
    void aThousandRandomSwapsRestartNothing() throws Exception {
        Path aside = Files.createDirectories(lab.directory().resolve("aside"));
        Ledger ledger = new Ledger(lab.cri(), starts);
        Storm storm = new Storm(agent, ledger, new Parts(agent, aside, PARTS), places, SEED);
        for (Place place : places) {
            while (place.lying().size() < place.most()) {
                place.put(place.unused(), 1);
            }
            place.configure(agent);
        }
        agent.start();
        storm.settle("start");
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
                .sorted(Comparator.comparing(Step::seconds).reversed()).toList();
        double[] sorted = steps.stream().mapToDouble(Step::seconds).sorted().toArray();
        System.out.printf("settled after %d swaps: median %.2f s, p99 %.2f s, longest %.2f s%n", sorted.length,
                sorted[sorted.length / 2], sorted[sorted.length * 99 / 100], sorted[sorted.length - 1]);
        assertThat(slow.size()).as("slower than %s s: %s", SETTLED_SECONDS, slow)
                .isLessThanOrEqualTo((int) (steps.size() * LONGER_PERCENT / 100));
    }

    private Place directory(String source, int most) throws Exception {
        Path directory = Files.createDirectories(lab.directory().resolve(source));
        return new Place(source, "io.holdfast.source.file", most, "rescan", List.of("path=" + directory), this::manifest,
                texts -> fill(directory, texts));
    }

    private String manifest(String pod, int version) {
        return Pods.withVolume(pod, "echo " + version + " >> /data/" + pod
                + "; trap 'exit 0' TERM; while :; do sleep 3600 & wait; done", starts);
    }

    private static void fill(Path directory, Map<String, String> texts) throws Exception {
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                if (!texts.containsKey(file.getFileName().toString().replace(".yaml", ""))) {
                    Files.delete(file);
                }
            }
        }
        for (var text : texts.entrySet()) {
            Path file = directory.resolve(text.getKey() + ".yaml");
            if (!Files.exists(file) || !Files.readString(file).equals(text.getValue())) {
                Path next = Files.writeString(directory.resolve("." + text.getKey()), text.getValue());
                Files.move(next, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
            }
        }
    }
}
