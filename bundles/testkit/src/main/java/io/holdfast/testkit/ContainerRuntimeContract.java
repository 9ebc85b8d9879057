package io.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.holdfast.cell.Cell;
import io.holdfast.pod.PodName;
import io.holdfast.runtime.ContainerRuntime;
import io.holdfast.runtime.ContainerRuntime.ContainerId;
import io.holdfast.runtime.ContainerRuntime.Image;
import io.holdfast.runtime.ContainerRuntime.SandboxId;
import io.holdfast.runtime.ContainerSpec;
import io.holdfast.runtime.Names;
import io.holdfast.runtime.ObservedPod;
import io.holdfast.runtime.ObservedPod.Container;
import io.holdfast.runtime.ObservedPod.Sandbox;
import io.holdfast.runtime.ObservedPod.State;
import io.holdfast.runtime.PullAuth;
import io.holdfast.runtime.RuntimeRefused;
import io.holdfast.runtime.SandboxSpec;
import io.holdfast.runtime.Security;

/**
 * What Holdfast relies on in a container runtime. A runtime's own test extends this class and says how to reach it;
 * each test makes pods of its own in a namespace of its own and removes them. It needs {@code io.holdfast.testkit} and
 * {@code junit-jupiter} in test scope, nothing else of Holdfast:
 *
 * <pre>{@code
 * class MyRuntimeContractTest extends ContainerRuntimeContract {
 *
 *     @TempDir
 *     Path logs;
 *
 *     private final MyRuntime runtime = new MyRuntime("unix:///run/my-engine.sock");
 *
 *     @Override
 *     protected ContainerRuntime runtime() {
 *         return runtime;
 *     }
 *
 *     @Override
 *     protected String image() {
 *         return "localhost/busybox:1"; // must be there
 *     }
 *
 *     @Override
 *     protected Path directory() {
 *         return logs;
 *     }
 * }
 * }</pre>
 *
 * An engine that runs Linux processes has a test of {@link LinuxRuntimeContract} instead, which is this and more.
 */
public abstract class ContainerRuntimeContract {

    static final Duration SOON = Duration.ofSeconds(10);
    private static final String NAMESPACE = "contract";

    final PodName name = new PodName(NAMESPACE, "pod-" + Long.toString(System.nanoTime(), 36));
    ContainerRuntime runtime;
    private Image image;

    protected ContainerRuntimeContract() {
    }

    /** The runtime to be tested, ready for use; called once for each test. */
    protected abstract ContainerRuntime runtime();

    /** Undoes {@link #runtime}, after each test. */
    protected void close() {
    }

    /** The reference of an image that is there, with {@code sh}, {@code sleep} and {@code echo}. */
    protected abstract String image();

    /** A reference that can't be pulled. */
    protected String unknownImage() {
        return "localhost:1/no/such:1";
    }

    /** An absolute directory on the node; the runtime puts logs below it. */
    protected abstract Path directory();

    @BeforeEach
    void prepare() throws Exception {
        runtime = runtime();
        image = runtime.image(image()).orElseThrow(() -> new AssertionError("not there: " + image()));
    }

    @AfterEach
    void removeWhatIsLeft() throws Exception {
        for (ObservedPod pod : runtime.pods()) {
            if (pod.name().namespace().equals(NAMESPACE)) {
                for (Sandbox sandbox : pod.sandboxes()) {
                    runtime.stopSandbox(sandbox.id());
                    runtime.removeSandbox(sandbox.id());
                }
            }
        }
        close();
    }

    // ------------------------------------------------------------------ looking

    @Test
    void aPodThatWasNeverMadeIsNotSeen() throws Exception {
        assertThat(runtime.pod(name)).isEmpty();
        assertThat(runtime.pods()).extracting(ObservedPod::name).doesNotContain(name);
    }

    @Test
    void saysWhatItIs() throws Exception {
        assertThat(runtime.info().engine()).isNotBlank();
        assertThat(runtime.info().version()).isNotBlank();
        assertThat(runtime.info().endpoint()).isNotBlank();
        assertThat(runtime.info().cgroups()).isNotNull();
    }

    @Test
    void aSandboxIsSeenWithAllItWasMadeWith() throws Exception { // R8
        SandboxId id = runtime.runSandbox(sandbox(0));

        ObservedPod pod = runtime.pod(name).orElseThrow();
        assertThat(runtime.pods()).contains(pod);
        assertThat(pod.sandboxes()).singleElement().satisfies(s -> {
            assertThat(s.id()).isEqualTo(id);
            assertThat(s.uid()).isEqualTo("uid-1");
            assertThat(s.attempt()).isZero();
            assertThat(s.ready()).isTrue();
            assertThat(s.createdAt()).isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(60));
            assertThat(s.ips()).as("none of its own on the host network").isEmpty();
            assertThat(s.labels()).containsAllEntriesOf(sandbox(0).labels());
            assertThat(s.annotations()).containsAllEntriesOf(sandbox(0).annotations());
            assertThat(s.containers()).isEmpty();
        });
    }

    @Test
    void aContainerIsSeenWithAllItWasMadeWith() throws Exception { // R8, C7
        SandboxId sandbox = runtime.runSandbox(sandbox(0));
        ContainerId id = runtime.create(sandbox, sandbox(0), shell("app", 3, "sleep 1000"));

        assertThat(only(sandbox)).satisfies(c -> {
            assertThat(c.id()).isEqualTo(id);
            assertThat(c.name()).isEqualTo("app");
            assertThat(c.attempt()).isEqualTo(3);
            assertThat(c.state()).isEqualTo(new State.Created());
            assertThat(c.labels()).containsAllEntriesOf(shell("app", 3, "").labels());
            assertThat(c.annotations()).containsAllEntriesOf(shell("app", 3, "").annotations());
        });
        runtime.start(id);
        assertThat(only(sandbox).state()).isInstanceOfSatisfying(State.Running.class, running -> assertThat(
                running.startedAt()).isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(60)));
        assertThat(only(sandbox).imageId()).isNotBlank();
        assertThat(only(sandbox).image()).isEqualTo(image());
    }

    @Test
    void theNewestComesFirst() throws Exception {
        SandboxId first = runtime.runSandbox(sandbox(0));
        ContainerId old = runtime.create(first, sandbox(0), shell("app", 0, "exit 1"));
        ContainerId newer = runtime.create(first, sandbox(0), shell("app", 1, "exit 1"));
        runtime.stopSandbox(first);
        SandboxId second = runtime.runSandbox(sandbox(1));

        assertThat(runtime.pod(name).orElseThrow().sandboxes()).extracting(Sandbox::id).containsExactly(second, first);
        assertThat(box(first).containers()).extracting(Container::id).containsExactly(newer, old);
    }

    @Test
    void whatIsNotOursIsNotSeen() throws Exception {
        SandboxSpec foreign = sandbox(0, Map.of(Names.POD_NAME, name.name(), Names.POD_NAMESPACE, name.namespace()));
        SandboxId id = runtime.runSandbox(foreign);
        try {
            assertThat(runtime.pod(name)).isEmpty();
        } finally {
            runtime.removeSandbox(id);
        }
    }

    // ------------------------------------------------------------------ the life of a container

    @Test
    void anExitIsSeenWithItsCodeAndTimes() throws Exception { // C3
        SandboxId sandbox = runtime.runSandbox(sandbox(0));
        ContainerId id = started(sandbox, "exit 3");

        State.Exited exited = awaitExit(sandbox, id);
        assertThat(exited.exitCode()).isEqualTo(3);
        assertThat(exited.reason()).isEqualTo("Error");
        assertThat(exited.finishedAt()).isAfterOrEqualTo(exited.startedAt());
        assertThat(awaitExit(sandbox, started(sandbox, 1, "exit 0")).reason()).isEqualTo("Completed");
    }

    @Test
    void aCommandThatIsNotThereIsRefusedAndTheContainerShowsIt() throws Exception {
        SandboxId sandbox = runtime.runSandbox(sandbox(0));
        ContainerId id = runtime.create(sandbox, sandbox(0),
                container("app", 0, List.of("/no/such/program")));

        assertThatThrownBy(() -> runtime.start(id)).isInstanceOf(RuntimeRefused.class)
                .hasMessageContaining("/no/such/program").hasMessageContaining("no such file")
                .message().doesNotContain("rpc error");
        State.Exited exited = awaitExit(sandbox, id);
        assertThat(exited.exitCode()).isNotZero();
        assertThat(exited.reason()).isEqualTo("StartError");
        assertThat(exited.message()).contains("/no/such/program");
    }

    @Test
    void whatItPrintsIsInItsLogFile() throws Exception { // G2
        SandboxId sandbox = runtime.runSandbox(sandbox(0));
        ContainerId id = started(sandbox, "echo hello world; exit 0");
        awaitExit(sandbox, id);

        Path log = directory().resolve("uid-1/app/0.log");
        assertThat(only(sandbox).logPath()).isEqualTo(log.toString());
        assertThat(firstLine(log)).matches("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+(Z|[+-]\\d\\d:\\d\\d) stdout F hello world");
    }

    @Test
    void aLogFileThatWasMovedAwayIsOpenedAnew() throws Exception { // G2
        SandboxId sandbox = runtime.runSandbox(sandbox(0));
        ContainerId id = started(sandbox, "echo hello world; sleep 1000");
        Path log = directory().resolve("uid-1/app/0.log");
        firstLine(log);
        Files.move(log, log.resolveSibling("0.log.old"));

        runtime.reopenLog(id);
        assertThat(log).exists();
    }

    // ------------------------------------------------------------------ ending

    @Test
    void stoppingSendsTheStopSignalAndReturnsWhenItHasEnded() throws Exception { // T2
        SandboxId sandbox = runtime.runSandbox(sandbox(0));
        ContainerId id = started(sandbox, "trap 'exit 7' TERM; echo ready; while :; do sleep 0.02; done");
        firstLine(directory().resolve("uid-1/app/0.log"));

        runtime.stop(id, Duration.ofSeconds(30));
        assertThat(only(sandbox).state()).isInstanceOfSatisfying(State.Exited.class,
                exited -> assertThat(exited.exitCode()).isEqualTo(7));
    }

    @Test
    void whatDoesNotObeyIsKilledWhenTheGraceIsOver() throws Exception { // T2
        SandboxId sandbox = runtime.runSandbox(sandbox(0));
        ContainerId id = started(sandbox, "trap '' TERM; echo ready; while :; do sleep 0.02; done");
        firstLine(directory().resolve("uid-1/app/0.log"));

        Instant begin = Instant.now();
        runtime.stop(id, Duration.ofSeconds(1));
        assertThat(Duration.between(begin, Instant.now())).isBetween(Duration.ofMillis(990), SOON);
        assertThat(only(sandbox).state()).isInstanceOfSatisfying(State.Exited.class,
                exited -> assertThat(exited.exitCode()).isEqualTo(137));
    }

    @Test
    void stoppingASandboxEndsAllThatIsInIt() throws Exception {
        SandboxId sandbox = runtime.runSandbox(sandbox(0));
        started(sandbox, "trap '' TERM; while :; do sleep 0.02; done");

        runtime.stopSandbox(sandbox);
        assertThat(box(sandbox).ready()).isFalse();
        assertThat(only(sandbox).state()).isInstanceOf(State.Exited.class);
    }

    @Test
    void removingTakesAlsoWhatStillRuns() throws Exception {
        SandboxId sandbox = runtime.runSandbox(sandbox(0));
        runtime.remove(started(sandbox, "sleep 1000"));
        assertThat(box(sandbox).containers()).isEmpty();

        started(sandbox, 1, "sleep 1000");
        runtime.removeSandbox(sandbox);
        assertThat(runtime.pod(name)).isEmpty();
    }

    @Test
    void endingWhatHasEndedReturns() throws Exception {
        SandboxId sandbox = runtime.runSandbox(sandbox(0));
        ContainerId id = started(sandbox, "exit 0");
        awaitExit(sandbox, id);

        for (int times = 0; times < 2; times++) {
            runtime.stop(id, Duration.ZERO);
            runtime.stopSandbox(sandbox);
        }
        for (int times = 0; times < 2; times++) {
            runtime.remove(id);
            runtime.removeSandbox(sandbox);
        }
        assertThatCode(() -> runtime.stop(id, SOON)).doesNotThrowAnyException();
        assertThatCode(() -> runtime.stopSandbox(sandbox)).doesNotThrowAnyException();
    }

    @Test
    void startingWhatIsGoneIsRefused() throws Exception {
        SandboxId sandbox = runtime.runSandbox(sandbox(0));
        ContainerId id = runtime.create(sandbox, sandbox(0), shell("app", 0, "sleep 1000"));
        runtime.remove(id);

        assertThatThrownBy(() -> runtime.start(id)).isInstanceOf(RuntimeRefused.class);
    }

    @Test
    void noSecondSandboxOrContainerOfTheSameNumber() throws Exception { // R8
        SandboxId sandbox = runtime.runSandbox(sandbox(0));
        runtime.create(sandbox, sandbox(0), shell("app", 0, "sleep 1000"));

        assertThatThrownBy(() -> runtime.runSandbox(sandbox(0))).isInstanceOf(RuntimeRefused.class);
        assertThatThrownBy(() -> runtime.create(sandbox, sandbox(0), shell("app", 0, "sleep 1000")))
                .isInstanceOf(RuntimeRefused.class);
    }

    // ------------------------------------------------------------------ hints, images, interruption

    @Test
    void anExitIsHintedAtOnceAndALookThenShowsIt() throws Exception { // L3
        SandboxId sandbox = runtime.runSandbox(sandbox(0));
        Cell<Boolean> listening = new Cell<>(false);
        Cell<List<State>> seen = new Cell<>(List.of());
        Thread watch = watch(listening, seen);
        try {
            assertThat(listening.after(0, SOON).value()).as("lookAtAll after the stream has begun").isTrue();
            ContainerId id = started(sandbox, "trap 'exit 9' TERM; echo ready; while :; do sleep 0.02; done");
            firstLine(directory().resolve("uid-1/app/0.log"));
            runtime.stop(id, SOON);
            Instant ended = Instant.now();

            List<State> states = seen.value();
            for (long version = 0; states.stream().noneMatch(State.Exited.class::isInstance); version++) {
                assertThat(Duration.between(ended, Instant.now())).isLessThan(Duration.ofSeconds(1));
                states = seen.after(version, Duration.ofSeconds(1)).value();
            }
            assertThat(states.getLast()).isInstanceOfSatisfying(State.Exited.class,
                    e -> assertThat(e.exitCode()).isEqualTo(9));
        } finally {
            watch.interrupt();
            assertThat(watch.join(SOON)).as("an interrupted watch returns").isTrue();
        }
    }

    /** Writes down what a look shows at each hint; a hint is followed by one look, as a worker does it. */
    private Thread watch(Cell<Boolean> listening, Cell<List<State>> seen) {
        ContainerRuntime.Hints hints = new ContainerRuntime.Hints() {
            @Override
            public void look(PodName pod) {
                if (pod.equals(name)) {
                    seen.update(old -> Stream.concat(old.stream(), Stream.of(newestState())).toList());
                }
            }

            @Override
            public void lookAtAll() {
                listening.set(true);
            }
        };
        return Thread.ofVirtual().start(() -> {
            try {
                runtime.watch(hints);
            } catch (InterruptedException _) {
                // as it should be
            }
        });
    }

    private State newestState() {
        try {
            return runtime.pod(name).orElseThrow().sandboxes().getFirst().containers().getFirst().state();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void anImageThatIsThereIsKnownAndAnotherIsNot() throws Exception {
        assertThat(image.id()).isNotBlank();
        assertThat(image.reference()).isEqualTo(image());
        assertThat(image.bytes()).isPositive();
        assertThat(runtime.image(unknownImage())).isEmpty();
    }

    @Test
    void anImageThatCannotBePulledIsRefusedWithTheReason() {
        assertThatThrownBy(() -> runtime.pull(unknownImage(), PullAuth.NONE)).isInstanceOf(RuntimeRefused.class)
                .message().isNotBlank().doesNotContain("rpc error");
    }

    @Test
    void aCallCanBeInterrupted() throws Exception {
        SandboxId sandbox = runtime.runSandbox(sandbox(0));
        ContainerId id = started(sandbox, "trap '' TERM; echo ready; while :; do sleep 0.02; done");
        firstLine(directory().resolve("uid-1/app/0.log"));
        AtomicReference<Object> outcome = new AtomicReference<>("nothing");
        Thread stopping = Thread.ofVirtual().start(() -> {
            try {
                runtime.stop(id, Duration.ofSeconds(120));
                outcome.set("returned");
            } catch (InterruptedException e) {
                outcome.set(e);
            }
        });
        stopping.interrupt();

        assertThat(stopping.join(SOON)).isTrue();
        assertThat(outcome.get()).isInstanceOf(InterruptedException.class);
        assertThat(only(sandbox).state()).isInstanceOf(State.Running.class);
    }

    // ------------------------------------------------------------------ what the tests are made of

    /** A sandbox on the host network. */
    protected SandboxSpec sandbox(int attempt) {
        return sandbox(attempt, Map.of(Names.MANAGED, "true", Names.POD_NAME, name.name(), Names.POD_NAMESPACE,
                name.namespace(), Names.POD_UID, "uid-1"));
    }

    private SandboxSpec sandbox(int attempt, Map<String, String> labels) {
        return new SandboxSpec(name, "uid-1", attempt, "host", directory().resolve("uid-1"), labels,
                Map.of(Names.ORIGIN, "web.yaml \"quoted\" \u00fc"), new SandboxSpec.Namespaces(true, SandboxSpec.Namespaces.Pid.Container, false),
                List.of(), null, "", "", false, Map.of(), null);
    }

    protected ContainerSpec shell(String container, int attempt, String script) {
        return container(container, attempt, List.of("sh", "-c", script));
    }

    private ContainerSpec container(String container, int attempt, List<String> command) {
        Map<String, String> labels = Map.of(Names.MANAGED, "true", Names.POD_NAME, name.name(), Names.POD_NAMESPACE,
                name.namespace(), Names.POD_UID, "uid-1", Names.CONTAINER_NAME, container);
        return new ContainerSpec(container, attempt, image.id(), image.reference(), command, List.of(), "",
                List.of(new ContainerSpec.Env("A", "b")), List.of(), labels,
                Map.of(Names.RESTART_COUNT, Integer.toString(attempt)), container + "/" + attempt + ".log",
                new ContainerSpec.Resources(2, 0, 0, 0, 0), new ContainerSpec.Terminal(false, false, false), Security.DEFAULT, "");
    }

    private ContainerId started(SandboxId sandbox, String script) throws Exception {
        return started(sandbox, 0, script);
    }

    private ContainerId started(SandboxId sandbox, int attempt, String script) throws Exception {
        Files.createDirectories(directory().resolve("uid-1/app"));
        ContainerId id = runtime.create(sandbox, sandbox(0), shell("app", attempt, script));
        runtime.start(id);
        return id;
    }

    private Sandbox box(SandboxId id) throws InterruptedException {
        return runtime.pod(name).orElseThrow().sandboxes().stream().filter(s -> s.id().equals(id)).findFirst()
                .orElseThrow();
    }

    private Container only(SandboxId sandbox) throws InterruptedException {
        assertThat(box(sandbox).containers()).hasSize(1);
        return box(sandbox).containers().getFirst();
    }

    State.Exited awaitExit(SandboxId sandbox, ContainerId id) {
        return awaited(() -> box(sandbox).containers().stream().filter(c -> c.id().equals(id)).map(Container::state)
                .filter(State.Exited.class::isInstance).map(State.Exited.class::cast).findFirst());
    }

    private static String firstLine(Path log) {
        return awaited(() -> Files.exists(log) ? Files.readAllLines(log).stream().findFirst() : Optional.empty());
    }

    static <T> T awaited(Callable<Optional<T>> question) {
        return Awaitility.await().atMost(SOON).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(5))
                .until(question, Optional::isPresent).orElseThrow();
    }
}
