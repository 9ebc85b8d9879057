package io.holdfast.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

import io.holdfast.cell.Cell;
import io.holdfast.pod.PodName;
import io.holdfast.pod.PodSpec;
import io.holdfast.runtime.ContainerExec;
import io.holdfast.runtime.ContainerRuntime;
import io.holdfast.runtime.ContainerSpec;
import io.holdfast.runtime.ImageStore;
import io.holdfast.runtime.ObservedPod;
import io.holdfast.runtime.ObservedPod.Container;
import io.holdfast.runtime.ObservedPod.Sandbox;
import io.holdfast.runtime.ObservedPod.State;
import io.holdfast.runtime.PullAuth;
import io.holdfast.runtime.RuntimeInfo;
import io.holdfast.runtime.RuntimeRefused;
import io.holdfast.runtime.RuntimeUnreachable;
import io.holdfast.runtime.SandboxSpec;
import io.holdfast.testkit.FakeEngine.Box;
import io.holdfast.testkit.FakeEngine.Fault;

/**
 * A container runtime in memory, as strict as a real one: names are taken until removed, a container needs its image
 * and a ready sandbox. A container runs until it is stopped, unless its command says otherwise: {@code exit 3} at the end
 * ends it at once, {@code trap 'exit 7' TERM} and {@code trap '' TERM} say what SIGTERM does, {@code echo words} goes
 * to its log, and {@code /no/such/} at the beginning cannot be started.
 *
 * <p>
 * Each call that changes something is written down as a line, such as {@code runSandbox default/web-n#0},
 * {@code create default/web-n/app#0}, {@code stop default/web-n/app#0 grace=30s}; a test arranges faults for lines that
 * begin as it says. Safe for any number of threads.
 */
public final class FakeRuntime implements ContainerRuntime, ContainerExec, ImageStore {

    private final Cell<FakeEngine> engine = new Cell<>(FakeEngine.EMPTY);
    private final Cell<Map<String, Result>> answers = new Cell<>(Map.of());
    private final Cell<Space> space = new Cell<>(new Space(100_000_000, 100_000_000));
    private final Cell<String> limit = new Cell<>("");
    private final AtomicInteger ids = new AtomicInteger();
    private final InstantSource clock;

    public FakeRuntime() {
        this(InstantSource.system());
    }

    /** @param clock what the engine's times are taken from; grace periods pass in real time */
    public FakeRuntime(InstantSource clock) {
        this.clock = clock;
    }

    // ------------------------------------------------------------------ what a test asks

    /** The calls that would change something, in order, refused ones too. */
    public List<String> calls() {
        return List.copyOf(engine.value().calls());
    }

    /** How often {@link #pods()} and {@link #pod(PodName)} were called. */
    public long looks() {
        return engine.value().looks();
    }

    /** What a container was created with, also when it is removed already. */
    public ContainerSpec spec(ContainerId id) {
        return Optional.ofNullable(engine.value().specs().get(id))
                .orElseThrow(() -> new AssertionError("never created: " + id));
    }

    /** What a sandbox that is there was made with. */
    public SandboxSpec spec(SandboxId id) {
        return Optional.ofNullable(engine.value().boxes().get(id))
                .orElseThrow(() -> new AssertionError("no sandbox " + id)).spec();
    }

    // ------------------------------------------------------------------ what a test arranges

    public void addImage(String reference) {
        addImage(reference, "");
    }

    public void addImage(String reference, String user) {
        Image image = new Image("image-of-" + reference, reference, user, 1_000_000);
        engine.update(e -> e.withImages(FakeEngine.plus(e.images(), reference, image)));
    }

    public void removeImage(String reference) {
        engine.update(e -> e.withImages(FakeEngine.minus(e.images(), reference)));
    }

    /** The disk that images are on, from now on; those that are discarded give back what they took. */
    public void disk(long capacity, long available) {
        space.set(new Space(capacity, available));
    }

    /** The main process of a running container ends; 0 is {@code Completed}. */
    public void crash(PodName pod, String container, int exitCode) {
        ContainerId id = running(pod, container).id();
        engine.update(e -> e.ended(id, exitCode, clock.instant()));
    }

    private Container running(PodName pod, String container) {
        return engine.value().pod(pod).stream().flatMap(p -> p.sandboxes().stream())
                .flatMap(s -> s.containers().stream())
                .filter(c -> c.name().equals(container) && FakeEngine.runs(c)).findFirst()
                .orElseThrow(() -> new AssertionError("no running container " + pod + "/" + container));
    }

    /** The newest sandbox of a pod dies, and all that is in it. */
    public void killSandbox(PodName pod) {
        SandboxId id = engine.value().pod(pod).orElseThrow(() -> new AssertionError("no sandbox of " + pod))
                .sandboxes().getFirst().id();
        engine.update(e -> e.stopped(id, clock.instant()));
    }

    /** Every call fails with {@link RuntimeUnreachable} until {@link #connect}; what runs goes on running. */
    public void disconnect() {
        engine.update(e -> e.connected(false));
    }

    public void connect() {
        engine.update(e -> e.connected(true));
    }

    /** No hints until {@link #hint}: they may be lost, after all. */
    public void loseHints() {
        engine.update(e -> e.hinting(false));
    }

    public void hint() {
        engine.update(e -> e.hinting(true));
    }

    /** Calls that begin so fail with {@link RuntimeRefused}, until {@link #heal}. */
    public void refuse(String call, String message) {
        arrange(call, new Fault.Refused(message));
    }

    /** Says of every pod that it cannot run it, until that is empty again; it runs all the same. */
    public void limit(String why) {
        limit.set(why);
    }

    /** The next call that begins so happens, but its caller is told that the engine does not answer. */
    public void loseAnswer(String call) {
        arrange(call, new Fault.AnswerLost());
    }

    /** Calls that begin so wait, before anything happens, until {@link #heal}. */
    public void block(String call) {
        arrange(call, new Fault.Blocked());
    }

    /** Undoes {@link #refuse}, {@link #loseAnswer} or {@link #block} of the same beginning. */
    public void heal(String call) {
        engine.update(e -> e.withFaults(FakeEngine.minus(e.faults(), call)));
    }

    /**
     * Commands whose call begins so, such as {@code exec default/web-n/app#0 cat /ready}, end like this from now on; any
     * other ends well and says nothing. One that is {@link #block blocked} is killed when its time is over.
     */
    public void answer(String call, Result result) {
        answers.update(all -> FakeEngine.plus(all, call, result));
    }

    private void arrange(String call, Fault fault) {
        engine.update(e -> e.withFaults(FakeEngine.plus(e.faults(), call, fault)));
    }

    // ------------------------------------------------------------------ the contract

    @Override
    public RuntimeInfo info() throws InterruptedException {
        return new RuntimeInfo("fake", "1", "fake://", look().connected() ? List.of() : List.of("disconnected"),
                RuntimeInfo.Cgroups.Unknown);
    }

    @Override
    public List<ObservedPod> pods() throws InterruptedException {
        engine.update(FakeEngine::looked);
        return look().pods();
    }

    @Override
    public Optional<ObservedPod> pod(PodName name) throws InterruptedException {
        engine.update(FakeEngine::looked);
        return look().pod(name);
    }

    @Override
    public void watch(Hints hints) throws InterruptedException {
        Cell.Versioned<FakeEngine> now = engine.current();
        int given = now.value().hints().size();
        connected(now.value());
        hints.lookAtAll();
        while (true) {
            List<PodName> all = now.value().hints();
            all.subList(given, all.size()).stream().distinct().forEach(hints::look);
            given = all.size();
            now = engine.after(now.version());
            connected(now.value());
        }
    }

    @Override
    public Optional<Image> image(String reference) throws InterruptedException {
        return Optional.ofNullable(look().images().get(reference));
    }

    @Override
    public Image pull(String reference, PullAuth auth) throws InterruptedException {
        String call = "pull " + reference + (auth.username().isEmpty() ? "" : " as " + auth.username());
        enter(call);
        engine.update(e -> e.withImages(FakeEngine.plus(e.images(), reference, e.images().getOrDefault(reference,
                new Image("image-of-" + reference, reference, "", 1_000_000)))));
        leave(call);
        return image(reference).orElseThrow();
    }

    @Override
    public Optional<String> cannot(PodSpec spec, String handler) throws InterruptedException {
        look();
        return Optional.of(limit.value()).filter(why -> !why.isEmpty());
    }

    @Override
    public SandboxId runSandbox(SandboxSpec spec) throws InterruptedException {
        String call = "runSandbox " + spec.name() + "#" + spec.attempt();
        enter(call);
        int n = ids.incrementAndGet();
        List<String> ips = spec.namespaces().hostNetwork() ? List.of()
                : List.of("10.88." + n / 250 + "." + (n % 250 + 1));
        SandboxId id = new SandboxId("s" + n);
        Sandbox sandbox = new Sandbox(id, spec.uid(), spec.attempt(), true, clock.instant(), ips, spec.labels(),
                spec.annotations(), List.of());
        engine.update(e -> {
            refuseIf(e.boxes().values().stream().anyMatch(b -> b.spec().name().equals(spec.name())
                    && b.spec().uid().equals(spec.uid()) && b.spec().attempt() == spec.attempt()),
                    "sandbox name " + spec.name() + "#" + spec.attempt() + " is reserved");
            return e.put(new Box(spec, sandbox));
        });
        leave(call);
        return id;
    }

    @Override
    public void stopSandbox(SandboxId id) throws InterruptedException {
        String call = "stopSandbox " + nameOf(id);
        enter(call);
        engine.update(e -> e.stopped(id, clock.instant()));
        leave(call);
    }

    @Override
    public void removeSandbox(SandboxId id) throws InterruptedException {
        String call = "removeSandbox " + nameOf(id);
        enter(call);
        engine.update(e -> e.drop(id));
        leave(call);
    }

    @Override
    public ContainerId create(SandboxId sandbox, SandboxSpec in, ContainerSpec spec) throws InterruptedException {
        String call = "create " + in.name() + "/" + spec.name() + "#" + spec.attempt();
        enter(call);
        ContainerId id = new ContainerId("c" + ids.incrementAndGet());
        Container made = new Container(id, spec.name(), spec.attempt(), new State.Created(), spec.image(),
                spec.imageId(), in.logDirectory().resolve(spec.logPath()).toString(), spec.labels(),
                spec.annotations());
        engine.update(e -> {
            Box box = e.boxes().get(sandbox);
            if (box == null || !box.sandbox().ready()) {
                throw new RuntimeRefused("sandbox " + sandbox + " is not ready", null);
            }
            refuseIf(e.images().values().stream().noneMatch(i -> i.id().equals(spec.imageId())),
                    "image " + spec.imageId() + ": not found");
            refuseIf(box.sandbox().containers().stream()
                    .anyMatch(c -> c.name().equals(spec.name()) && c.attempt() == spec.attempt()),
                    "container name " + spec.name() + "#" + spec.attempt() + " is reserved");
            List<Container> all = new ArrayList<>(box.sandbox().containers());
            all.addFirst(made);
            return e.withSpec(id, spec).put(box.with(true, all));
        });
        leave(call);
        return id;
    }

    @Override
    public void start(ContainerId id) throws InterruptedException {
        String call = "start " + nameOf(id);
        enter(call);
        Container container = engine.value().container(id)
                .orElseThrow(() -> new RuntimeRefused("container " + id + ": not found", null));
        refuseIf(!(container.state() instanceof State.Created), "container " + id + " was started before");
        FakeProgram program = FakeProgram.of(spec(id));
        Instant now = clock.instant();
        if (program.missing()) {
            String message = "exec: " + spec(id).command() + ": no such file or directory";
            engine.update(e -> e.moved(id, new State.Exited(128, "StartError", message, Instant.EPOCH, now)));
            throw new RuntimeRefused(message, null);
        }
        if (program.says() != null) {
            log(Path.of(container.logPath()), now + " stdout F " + program.says() + "\n");
        }
        engine.update(e -> e.moved(id, new State.Running(now)));
        program.ends().ifPresent(code -> engine.update(e -> e.ended(id, code, clock.instant())));
        leave(call);
    }

    @Override
    public void stop(ContainerId id, Duration grace) throws InterruptedException {
        boolean whole = grace.toMillisPart() == 0;
        String call = "stop " + nameOf(id) + " grace=" + (whole ? grace.toSeconds() + "s" : grace.toMillis() + "ms");
        enter(call);
        if (engine.value().container(id).isPresent()) {
            FakeProgram.of(spec(id)).onTerm().ifPresent(code -> engine.update(e -> e.ended(id, code, clock.instant())));
            long until = System.nanoTime() + grace.toNanos();
            Cell.Versioned<FakeEngine> now = engine.current();
            while (now.value().container(id).filter(FakeEngine::runs).isPresent()
                    && until > System.nanoTime()) {
                now = engine.after(now.version(), Duration.ofNanos(until - System.nanoTime()));
            }
            engine.update(e -> e.ended(id, FakeEngine.KILLED, clock.instant()));
        }
        leave(call);
    }

    @Override
    public void remove(ContainerId id) throws InterruptedException {
        String call = "remove " + nameOf(id);
        enter(call);
        engine.update(e -> e.boxOf(id).map(box -> e.put(box.with(box.sandbox().ready(),
                box.sandbox().containers().stream().filter(c -> !c.id().equals(id)).toList()))).orElse(e));
        leave(call);
    }

    @Override
    public void reopenLog(ContainerId id) throws InterruptedException {
        String call = "reopenLog " + nameOf(id);
        enter(call);
        Container container = engine.value().container(id)
                .orElseThrow(() -> new RuntimeRefused("container " + id + ": not found", null));
        log(Path.of(container.logPath()), "");
        leave(call);
    }

    @Override
    public Result exec(ContainerId id, List<String> command, Duration timeout) throws InterruptedException {
        String call = "exec " + nameOf(id) + " " + String.join(" ", command);
        if (!enter(call, timeout)) {
            return new Result.TimedOut("");
        }
        refuseIf(engine.value().container(id).filter(FakeEngine::runs).isEmpty(), "container " + id + " does not run");
        leave(call);
        return answers.value().entrySet().stream().filter(e -> call.startsWith(e.getKey())).map(Map.Entry::getValue)
                .findFirst().orElse(new Result.Exited(0, ""));
    }

    @Override
    public List<Stored> images() throws InterruptedException {
        FakeEngine now = look();
        return now.images().values().stream().map(i -> new Stored(i.id(), List.of(i.reference()), i.bytes(), isUsed(now, i.id())))
                .toList();
    }

    private static boolean isUsed(FakeEngine now, String image) {
        return now.boxes().values().stream().flatMap(b -> b.sandbox().containers().stream())
                .anyMatch(c -> c.imageId().equals(image));
    }

    @Override
    public void discard(String id) throws InterruptedException {
        String call = "discard " + id;
        enter(call);
        refuseIf(isUsed(engine.value(), id), "image " + id + " is used by a container");
        engine.value().images().values().stream().filter(i -> i.id().equals(id)).forEach(image -> {
            removeImage(image.reference());
            space.update(s -> new Space(s.capacity(), s.available() + image.bytes()));
        });
        leave(call);
    }

    @Override
    public Space space() throws InterruptedException {
        look();
        return space.value();
    }

    // ------------------------------------------------------------------ inside

    private FakeEngine look() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return connected(engine.value());
    }

    private static FakeEngine connected(FakeEngine e) {
        if (!e.connected()) {
            throw new RuntimeUnreachable("the fake engine is disconnected", null);
        }
        return e;
    }

    private void enter(String call) throws InterruptedException {
        enter(call, Duration.ofDays(1));
    }

    /** @return false: it was blocked for so long */
    private boolean enter(String call, Duration most) throws InterruptedException {
        engine.update(e -> e.called(call));
        long until = System.nanoTime() + most.toNanos();
        Cell.Versioned<FakeEngine> now = engine.current();
        while (faultOf(now.value(), call) instanceof Fault.Blocked) {
            if (until <= System.nanoTime()) {
                return false;
            }
            now = engine.after(now.version(), Duration.ofNanos(until - System.nanoTime()));
        }
        if (faultOf(look(), call) instanceof Fault.Refused(String message)) {
            throw new RuntimeRefused(message, null);
        }
        return true;
    }

    private void leave(String call) {
        if (faultOf(engine.value(), call) instanceof Fault.AnswerLost) {
            engine.value().fault(call).ifPresent(f -> heal(f.getKey()));
            throw new RuntimeUnreachable("the fake engine did not answer in time: " + call, null);
        }
    }

    private static Object faultOf(FakeEngine e, String call) {
        return e.fault(call).isPresent() && e.connected() ? e.fault(call).get().getValue() : "none";
    }

    private static void refuseIf(boolean wrong, String message) {
        if (wrong) {
            throw new RuntimeRefused(message, null);
        }
    }

    private String nameOf(SandboxId id) {
        Box box = engine.value().boxes().get(id);
        return box == null ? id.value() : box.spec().name() + "#" + box.spec().attempt();
    }

    private String nameOf(ContainerId id) {
        return engine.value().boxOf(id).map(b -> b.spec().name() + "/" + spec(id).name() + "#" + spec(id).attempt())
                .orElse(id.value());
    }

    private static void log(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
