package io.holdfast.runtime.cri;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.holdfast.cell.Cell;
import io.holdfast.pod.PodName;
import io.holdfast.runtime.ContainerRuntime.Hints;
import io.holdfast.runtime.ObservedPod;
import io.holdfast.runtime.ObservedPod.State;
import io.holdfast.runtime.RuntimeUnreachable;
import io.holdfast.runtime.cri.FakeCri.Services;
import io.holdfast.runtime.cri.wire.Container;
import io.holdfast.runtime.cri.wire.ContainerEventResponse;
import io.holdfast.runtime.cri.wire.ContainerEventType;
import io.holdfast.runtime.cri.wire.ContainerMetadata;
import io.holdfast.runtime.cri.wire.ContainerState;
import io.holdfast.runtime.cri.wire.ContainerStatus;
import io.holdfast.runtime.cri.wire.Envelope;
import io.holdfast.runtime.cri.wire.Event;
import io.holdfast.runtime.cri.wire.PodSandbox;
import io.holdfast.runtime.cri.wire.PodSandboxMetadata;
import io.holdfast.runtime.cri.wire.PodSandboxNetworkStatus;
import io.holdfast.runtime.cri.wire.PodSandboxStatus;
import io.holdfast.runtime.cri.wire.TaskExit;

/** Hints and looks, with an engine that has CRI events, one that has only containerd's, and one that has none. L3 */
class EventsTest {

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final PodName WEB = new PodName("default", "web-n");

    @TempDir
    Path dir;

    private final Cell<List<String>> hints = new Cell<>(List.of());
    private final Cell<Optional<Throwable>> ended = new Cell<>(Optional.empty());
    private CriRuntime runtime;
    private Thread watch;

    @BeforeEach
    void watch() {
        runtime = new CriRuntime("unix://" + dir.resolve("s"));
        watch = Thread.ofVirtual().unstarted(() -> {
            try {
                runtime.watch(new Hints() {
                    @Override
                    public void look(PodName name) {
                        add(name.toString());
                    }

                    @Override
                    public void lookAtAll() {
                        add("all");
                    }
                });
            } catch (InterruptedException | RuntimeException e) {
                ended.set(Optional.of(e));
            }
        });
    }

    private void add(String hint) {
        hints.update(old -> Stream.concat(old.stream(), Stream.of(hint)).toList());
    }

    @AfterEach
    void close() throws Exception {
        if (watch.isAlive()) {
            watch.interrupt();
            watch.join(SOON);
        }
        runtime.close();
    }

    private FakeCri engine(Services... services) throws Exception {
        FakeCri engine = new FakeCri(dir.resolve("s"), services);
        engine.sandboxes.put("s1", PodSandbox.newBuilder().setId("s1").setMetadata(PodSandboxMetadata.newBuilder()
                .setNamespace("default").setName("web-n").setUid("u")).build());
        engine.sandboxStatuses.put("s1", PodSandboxStatus.newBuilder().setId("s1")
                .setNetwork(PodSandboxNetworkStatus.newBuilder().setIp("10.1.2.3")).build());
        put(engine, ContainerState.CONTAINER_RUNNING, 0);
        return engine;
    }

    private static void put(FakeCri engine, ContainerState state, int exitCode) {
        engine.statuses.put("c1", ContainerStatus.newBuilder().setId("c1").setState(state).setStartedAt(5_000_000_000L)
                .setFinishedAt(6_000_000_000L).setExitCode(exitCode).setReason("Error").build());
        engine.containers.put("c1", Container.newBuilder().setId("c1").setPodSandboxId("s1").setState(state)
                .setMetadata(ContainerMetadata.newBuilder().setName("app")).build());
    }

    private static Envelope event(String topic, TaskExit exit) {
        return Envelope.newBuilder().setTopic(topic).setEvent(Event.newBuilder().setValue(exit.toByteString())).build();
    }

    private static TaskExit exit(String container, String process, int code) {
        return TaskExit.newBuilder().setContainerId(container).setId(process).setExitStatus(code).build();
    }

    private ObservedPod.Sandbox sandbox() throws InterruptedException {
        return runtime.pod(WEB).orElseThrow().sandboxes().getFirst();
    }

    private State state() throws InterruptedException {
        return sandbox().containers().getFirst().state();
    }

    @Test
    void criEventsAreHints() throws Exception {
        try (FakeCri engine = engine(Services.CRI_WITH_EVENTS)) {
            watch.start();
            assertThat(hints.after(0, SOON).value()).containsExactly("all");
            engine.criEvents.after(0, SOON).value().orElseThrow().onNext(ContainerEventResponse.newBuilder()
                    .setContainerId("c1").setContainerEventType(ContainerEventType.CONTAINER_STOPPED_EVENT).build());
            assertThat(hints.after(1, SOON).value()).containsExactly("all", "default/web-n");
        }
    }

    @Test
    void containerdsExitIsShownBeforeTheEnginesListsHaveIt() throws Exception {
        try (FakeCri engine = engine(Services.CRI, Services.CONTAINERD)) {
            watch.start();
            var events = engine.containerdEvents.after(0, SOON).value().orElseThrow();
            assertThat(state()).isInstanceOf(State.Running.class);
            long before = hints.current().version();

            events.onNext(event("/tasks/exit", exit("c1", "an-exec", 1)));
            events.onNext(event("/tasks/exit", exit("not-ours", "not-ours", 1)));
            events.onNext(event("/tasks/exit", exit("c1", "c1", 7)));
            assertThat(hints.after(Math.max(before, hints.value().lastIndexOf("all") + 1), SOON).value())
                    .containsOnlyOnce("default/web-n");
            assertThat(state()).isInstanceOfSatisfying(State.Exited.class, e -> {
                assertThat(e.exitCode()).isEqualTo(7);
                assertThat(e.reason()).isEqualTo("Error");
                assertThat(e.finishedAt()).isAfterOrEqualTo(e.startedAt());
            });
            assertThat(sandbox().ready()).isTrue();
        }
    }

    @Test
    void aDeadSandboxIsNotReady() throws Exception { // C1
        try (FakeCri engine = engine(Services.CRI, Services.CONTAINERD)) {
            watch.start();
            var events = engine.containerdEvents.after(0, SOON).value().orElseThrow();
            events.onNext(event("/tasks/exit", exit("s1", "s1", 137)));
            awaitHint("default/web-n");
            assertThat(sandbox().ready()).isFalse();
        }
    }

    @Test
    void outOfMemoryIsTheReason() throws Exception {
        try (FakeCri engine = engine(Services.CRI, Services.CONTAINERD)) {
            watch.start();
            var events = engine.containerdEvents.after(0, SOON).value().orElseThrow();
            events.onNext(event("/tasks/oom", TaskExit.newBuilder().setContainerId("c1").build()));
            events.onNext(event("/tasks/exit", exit("c1", "c1", 137)));
            awaitHint("default/web-n");
            assertThat(state()).isInstanceOfSatisfying(State.Exited.class,
                    e -> assertThat(e.reason()).isEqualTo("OOMKilled"));
        }
    }

    private void awaitHint(String wanted) throws InterruptedException {
        for (var now = hints.current(); !now.value().contains(wanted);) {
            var next = hints.after(now.version(), SOON);
            assertThat(next.version()).as("no hint %s, but %s", wanted, now.value()).isGreaterThan(now.version());
            now = next;
        }
    }

    @Test
    void withoutEventsAllAreLookedAtEverySecond() throws Exception {
        try (FakeCri _ = engine(Services.CRI)) {
            watch.start();
            assertThat(hints.after(2, SOON).value()).contains("all", "all", "all");
        }
    }

    @Test
    void aLostConnectionEndsTheWatch() throws Exception { // R2
        FakeCri engine = engine(Services.CRI_WITH_EVENTS);
        try (engine) {
            watch.start();
            hints.after(0, SOON);
            engine.criEvents.after(0, SOON);
        }
        assertThat(ended.after(0, SOON).value().orElseThrow()).isInstanceOf(RuntimeUnreachable.class);
    }

    @Test
    void anInterruptEndsTheWatch() throws Exception {
        try (FakeCri engine = engine(Services.CRI_WITH_EVENTS)) {
            watch.start();
            hints.after(0, SOON);
            watch.interrupt();
            assertThat(ended.after(0, SOON).value().orElseThrow()).isInstanceOf(InterruptedException.class);
        }
    }

    @Test
    void aSecondLookAsksForTheListsAloneUntilSomethingHasChanged() throws Exception {
        try (FakeCri engine = engine(Services.CRI)) {
            assertThat(sandbox().ips()).containsExactly("10.1.2.3");
            engine.calls.clear();
            assertThat(sandbox().ips()).containsExactly("10.1.2.3");
            assertThat(state()).isInstanceOf(State.Running.class);
            assertThat(engine.calls).containsOnly("ListPodSandbox", "ListContainers").hasSize(4);

            put(engine, ContainerState.CONTAINER_EXITED, 3);
            assertThat(state()).isInstanceOfSatisfying(State.Exited.class, e -> assertThat(e.exitCode()).isEqualTo(3));
            engine.calls.clear();
            runtime.pods();
            assertThat(engine.calls).containsOnly("ListPodSandbox", "ListContainers").hasSize(2);
        }
    }
}
