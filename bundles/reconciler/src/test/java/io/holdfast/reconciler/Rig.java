package io.holdfast.reconciler;

import static org.awaitility.Awaitility.await;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.awaitility.core.ConditionFactory;

import io.holdfast.cell.Cell;
import io.holdfast.pod.PodName;
import io.holdfast.reconciler.TestPods.PodDraft;
import io.holdfast.runtime.ContainerRuntime;
import io.holdfast.runtime.ObservedPod;
import io.holdfast.runtime.ObservedPod.State;
import io.holdfast.source.ConfigObject;
import io.holdfast.source.DesiredPod;
import io.holdfast.source.DesiredPods;
import io.holdfast.status.PodGates;
import io.holdfast.status.PodRuntimes;
import io.holdfast.status.PodStatus;
import io.holdfast.status.PodView;
import io.holdfast.testkit.FakeRuntime;

/** A whole reconciler on a fake engine, with hand-made desired pods. */
final class Rig {

    /** As by default, but no test waits for long. */
    static final Settings QUICK = settings(Duration.ofMillis(200));

    private final FakeRuntime runtime;
    private final Cell<DesiredPods.Snapshot> desired = new Cell<>(DesiredPods.Snapshot.EMPTY);
    private final Runtimes runtimes = new Runtimes();
    private final Kit kit;
    private final Reconciler reconciler;

    Rig(FakeRuntime runtime, Path directory) {
        this(runtime, directory, QUICK);
    }

    Rig(FakeRuntime runtime, Path directory, Settings settings) {
        this(runtime, directory, settings, Map.of("fake", runtime));
    }

    /** @param runtime whose calls {@link #running()} tells */
    Rig(FakeRuntime runtime, Path directory, Settings settings, Map<String, FakeRuntime> present) {
        this.runtime = runtime;
        present.forEach(this::bind);
        kit = Kit.of(TestPods.TestNode.in(directory), settings, Clock.systemUTC());
        reconciler = new Reconciler(new DesiredPods() {
            @Override
            public Cell.Versioned<Snapshot> current() {
                return desired.current();
            }

            @Override
            public Cell.Versioned<Snapshot> after(long version) throws InterruptedException {
                return desired.after(version);
            }
        }, runtimes, kit, ImageRules.DEFAULT);
    }

    static Settings settings(Duration relist) {
        return settings(relist, Duration.ZERO);
    }

    static Settings settings(Duration relist, Duration settle) {
        Backoff short_ = new Backoff(Duration.ofMillis(50), Duration.ofMillis(400), Duration.ofMinutes(10));
        return new Settings(new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(4), Duration.ofMinutes(10)), short_, short_,
                settle, relist, 4, 3);
    }

    void bind(ContainerRuntime instance) {
        bind("fake", instance);
    }

    void bind(String name, ContainerRuntime instance) {
        runtimes.bind(instance, Map.of(ContainerRuntime.NAME, name));
    }

    void unbind(ContainerRuntime instance) {
        unbind("fake", instance);
    }

    void unbind(String name, ContainerRuntime instance) {
        runtimes.unbind(instance, Map.of(ContainerRuntime.NAME, name));
    }

    void choose(Map<String, Object> properties) {
        runtimes.configure(properties);
    }

    boolean isComplete() {
        return reconciler.isComplete();
    }

    /** How many pods wait for others to have been started. */
    int waitingForTheirTurn() {
        return kit.starts().waiting();
    }

    PodGates gates() {
        return reconciler;
    }

    PodRuntimes podRuntimes() {
        return reconciler;
    }

    /** Another instance for the same engine, such as an updated bundle registers. */
    @SuppressWarnings("ReferenceEquality") // the instance is what matters
    static ContainerRuntime anotherInstance(ContainerRuntime of) {
        return (ContainerRuntime) Proxy.newProxyInstance(Rig.class.getClassLoader(), new Class<?>[] {ContainerRuntime.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("equals")) {
                        return proxy == arguments[0];
                    }
                    try {
                        return method.invoke(of, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /** Exactly these, as the one source reports; entries that are wanted already stay the same instances. */
    void want(PodDraft... pods) {
        List<DesiredPod> all = new ArrayList<>();
        for (PodDraft pod : pods) {
            DesiredPod next = pod.desired();
            DesiredPod now = desired.value().pods().get(next.name());
            all.add(now != null && now.equals(next) ? now : next);
        }
        want(all, Set.of(TestPods.SOURCE));
    }

    void want(List<DesiredPod> pods, Set<String> reported) {
        Map<PodName, DesiredPod> byName = new HashMap<>();
        pods.forEach(p -> byName.put(p.name(), p));
        desired.set(new DesiredPods.Snapshot(byName, reported, desired.value().objects()));
    }

    /** Exactly these ConfigMaps and Secrets; the pods stay as they are. */
    void have(ConfigObject... objects) {
        DesiredPods.Snapshot now = desired.value();
        desired.set(new DesiredPods.Snapshot(now.pods(), now.reported(), TestConfig.objects(objects).all()));
    }

    Optional<PodView> view(String name) {
        return reconciler.current().pods().stream().filter(v -> v.name().name().equals(name)).findFirst();
    }

    List<PodView> views() {
        return reconciler.current().pods();
    }

    /** Reason of what its first container waits for, or of the pod; empty while there is none. */
    String reason(String name) {
        return view(name).map(PodView::status).map(s -> s.reason() != null ? s.reason()
                : s.containerStatuses().getFirst().state() instanceof PodStatus.State.Waiting w ? w.reason() : "").orElse("");
    }

    /** What the engine runs, as {@code pod/container#attempt uid}. */
    List<String> running() throws InterruptedException {
        return running(runtime);
    }

    static List<String> running(ContainerRuntime runtime) throws InterruptedException {
        List<String> all = new ArrayList<>();
        for (ObservedPod pod : runtime.pods()) {
            pod.sandboxes().forEach(s -> s.containers().stream().filter(c -> c.state() instanceof State.Running)
                    .forEach(c -> all.add(pod.name().name() + "/" + c.name() + "#" + c.attempt() + " " + s.uid())));
        }
        return all;
    }

    void awaitRunning(String... containers) {
        waiting().until(() -> running().equals(List.of(containers)));
    }

    /** Until the pod is shown as running and ready in this edition. */
    void awaitReady(String name, String uid) {
        waiting().until(() -> view(name).filter(v -> v.uid().equals(uid) && !v.leaving() && isReady(v)).isPresent());
    }

    void awaitReason(String name, String reason) {
        waiting().until(() -> reason(name).equals(reason));
    }

    static boolean isReady(PodView view) {
        return view.status().phase() == PodStatus.Phase.Running
                && view.status().conditions().stream().filter(c -> c.type().equals("Ready")).allMatch(PodStatus.Condition::status);
    }

    static ConditionFactory waiting() {
        return await().pollInterval(Duration.ofMillis(5)).atMost(Duration.ofSeconds(10));
    }

    void close() throws InterruptedException {
        reconciler.close();
    }
}
