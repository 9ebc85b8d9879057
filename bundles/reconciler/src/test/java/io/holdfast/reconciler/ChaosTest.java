package io.holdfast.reconciler;

import static io.holdfast.reconciler.TestPods.IMAGE;
import static io.holdfast.reconciler.TestPods.pod;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.holdfast.reconciler.TestPods.PodDraft;
import io.holdfast.runtime.ObservedPod;
import io.holdfast.runtime.ObservedPod.State;
import io.holdfast.testkit.FakeRuntime;

/** Whatever happens, and whenever: in the end there is one of each pod that is wanted, and nothing else. */
@Timeout(60)
class ChaosTest {

    private static final int PODS = 5;
    private static final Backoff SHORT = new Backoff(Duration.ofMillis(5), Duration.ofMillis(50), Duration.ofMinutes(10));
    private static final Settings IMPATIENT = new Settings(SHORT, SHORT, SHORT, Duration.ZERO, Duration.ofMillis(50), 4, 3);

    private static final Duration A_WHILE = Duration.ofMillis(20); // an engine that is away does nothing to wait for

    @TempDir
    Path directory;

    private final FakeRuntime runtime = new FakeRuntime();
    private Rig rig;
    private List<PodDraft> wanted = List.of();

    @BeforeEach
    void start() {
        runtime.addImage(IMAGE);
        rig = new Rig(runtime, directory, IMPATIENT);
        rig.want();
    }

    @AfterEach
    void stop() throws InterruptedException {
        rig.close();
    }

    @Test
    void agentsThatEndAtAnyMomentLeaveNothingBehind() throws Exception { // R8
        for (int round = 0; round < 50; round++) {
            Random random = new Random(round);
            rig.close();
            wanted = some(random);
            nextAgent();
            int until = runtime.calls().size() + random.nextInt(1 + 5 * wanted.size());
            await("round " + round, () -> runtime.calls().size() >= until || wrong().isEmpty());
        }
        awaitAllWell("agents");
    }

    /** What is wanted, the engine and its pods become known in any order, and no worker sleeps through it. */
    @Test
    void beginningsNeverGetStuck() throws Exception {
        for (int round = 0; round < 30; round++) {
            rig.close();
            wanted = IntStream.range(0, PODS).mapToObj(i -> pod("p" + i).edition("p" + i)).toList();
            nextAgent();
            awaitAllWell("round " + round);
            wanted = List.of();
            rig.want();
            awaitAllWell("end of round " + round);
        }
    }

    @Test
    void whateverHappensItEndsAsWanted() throws Exception {
        for (int seed = 0; seed < 15; seed++) {
            Random random = new Random(seed);
            for (int step = 0; step < 20; step++) {
                happens(random);
                int until = runtime.calls().size() + random.nextInt(4);
                long soon = System.nanoTime() + A_WHILE.toNanos();
                Rig.waiting().until(() -> runtime.calls().size() >= until || System.nanoTime() > soon);
            }
            runtime.connect();
            runtime.hint();
            List.of("runSandbox", "create", "start", "stop", "remove").forEach(runtime::heal);
            awaitAllWell("seed " + seed);
        }
    }

    private void happens(Random random) throws InterruptedException {
        switch (random.nextInt(9)) {
            case 0, 1 -> wantOthers(random);
            case 2 -> nextAgent();
            case 3 -> crash(random);
            case 4 -> runtime.disconnect();
            case 5 -> runtime.connect();
            case 6 -> runtime.loseHints();
            case 7 -> runtime.loseAnswer(random.nextBoolean() ? "create" : "runSandbox");
            default -> runtime.loseAnswer(random.nextBoolean() ? "stop" : "start");
        }
    }

    private void nextAgent() throws InterruptedException {
        rig.close();
        rig = new Rig(runtime, directory, IMPATIENT);
        rig.want(wanted.toArray(PodDraft[]::new));
    }

    private void wantOthers(Random random) {
        wanted = some(random);
        rig.want(wanted.toArray(PodDraft[]::new));
    }

    private static List<PodDraft> some(Random random) {
        return IntStream.range(0, PODS).filter(_ -> random.nextInt(5) > 0)
                .mapToObj(i -> pod("p" + i).edition("p" + i + "v" + random.nextInt(3)).grace(0).emptyDir("data", "", null))
                .toList();
    }

    private void crash(Random random) throws InterruptedException {
        try {
            List<ObservedPod> running = runtime.pods().stream().filter(p -> runs(p) > 0).toList();
            if (!running.isEmpty()) {
                ObservedPod pod = running.get(random.nextInt(running.size()));
                if (random.nextBoolean()) {
                    runtime.crash(pod.name(), "app", 1);
                } else {
                    runtime.killSandbox(pod.name());
                }
            }
        } catch (AssertionError | RuntimeException _) {
            // it was gone already, or the engine was
        }
    }

    private void awaitAllWell(String when) throws Exception {
        await(when, () -> wrong().isEmpty());
    }

    private void await(String when, Callable<Boolean> condition) throws Exception {
        try {
            Rig.waiting().until(condition);
        } catch (ConditionTimeoutException _) {
            assertThat(wrong()).as(when).isEmpty();
        }
    }

    /** What is not as wanted, for a person. */
    private List<String> wrong() throws InterruptedException, IOException {
        List<String> wrong = new ArrayList<>();
        Set<String> names = wanted.stream().map(p -> p.desired().name().name()).collect(Collectors.toSet());
        Set<String> uids = wanted.stream().map(p -> p.desired().uid()).collect(Collectors.toSet());
        Set<String> shown = rig.views().stream().filter(Rig::isReady).map(v -> v.uid()).collect(Collectors.toSet());
        if (!shown.equals(uids)) {
            wrong.add("shown as ready: " + shown + " instead of " + uids);
        }
        List<ObservedPod> pods = pods();
        if (!pods.stream().map(p -> p.name().name()).collect(Collectors.toSet()).equals(names)) {
            wrong.add("on the engine: " + pods.stream().map(ObservedPod::name).toList() + " instead of " + names);
        }
        for (ObservedPod pod : pods) {
            if (runs(pod) != 1 || pod.sandboxes().stream().filter(s -> s.ready()).count() != 1
                    || pod.sandboxes().size() > 2 || pod.sandboxes().stream().anyMatch(s -> !uids.contains(s.uid()))) {
                wrong.add("of " + pod.name() + ": " + pod.sandboxes());
            }
        }
        wrong.addAll(files(uids));
        return wrong;
    }

    private List<ObservedPod> pods() throws InterruptedException {
        try {
            return runtime.pods();
        } catch (io.holdfast.runtime.RuntimeUnreachable _) {
            return List.of();
        }
    }

    private List<String> files(Set<String> uids) throws IOException {
        Path pods = directory.resolve("var/pods");
        if (!Files.exists(pods)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(pods)) {
            return files.map(f -> f.getFileName().toString()).filter(f -> !uids.contains(f)).map(f -> "data of " + f).toList();
        }
    }

    private static long runs(ObservedPod pod) {
        return pod.sandboxes().stream().flatMap(s -> s.containers().stream())
                .filter(c -> c.state() instanceof State.Running).count();
    }
}
