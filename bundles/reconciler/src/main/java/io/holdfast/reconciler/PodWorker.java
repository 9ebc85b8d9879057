package io.holdfast.reconciler;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.holdfast.cell.Cell;
import io.holdfast.pod.PodName;
import io.holdfast.runtime.Names;
import io.holdfast.runtime.ObservedPod;
import io.holdfast.runtime.ObservedPod.Sandbox;
import io.holdfast.runtime.RuntimeRefused;
import io.holdfast.runtime.RuntimeUnreachable;
import io.holdfast.source.DesiredPod;
import io.holdfast.source.DesiredPods;

/**
 * Brings one pod name to what is wanted (behaviour R1): looks, plans, carries out, and looks again until nothing is left
 * to do; then sleeps until it is woken or a time has come. All work happens on its own thread; the other methods leave
 * word and return.
 */
final class PodWorker {

    private static final Logger LOG = LoggerFactory.getLogger(PodWorker.class);
    /** After a call that the engine left unanswered; the engine's return wakes workers sooner. */
    private static final Duration UNREACHABLE_RETRY = Duration.ofSeconds(5);

    /** What the worker asks of those it works for. */
    interface Owner {
        /** Those that are there, by name. */
        Map<String, Kit.Engine> engines();

        Targets targets();

        Orders orders();

        /** What is wanted now; whoever changes it then pokes the workers it concerns. */
        DesiredPods.Snapshot desired();

        void wake(PodName other);

        /** Another pod that has something with this UID on an engine: a UID that is in a manifest may come from a copy. */
        Optional<PodName> otherUser(String uid, PodName than);

        /** Asks to end; granted unless new word came after {@code version}. */
        boolean retire(PodWorker worker, long version);
    }

    /**
     * Word left for the worker, counted.
     *
     * @param forgive times that a wait for a retry was lifted
     */
    private record Inbox(long pokes, long forgive) {
    }

    /** @param reported sources whose silence about this pod means that it is to go */
    private record Wanted(@Nullable DesiredPod pod, Set<String> reported) {

        @Nullable String unfit() {
            return pod == null ? null : pod.unfit();
        }
    }

    private final PodName name;
    private final Kit kit;
    private final Owner owner;
    private final Cell<Inbox> inbox = new Cell<>(new Inbox(0, 0));
    private final Sightings seen = new Sightings();
    private final Troubles troubles = new Troubles();
    private final EventLog events;
    private final Showing showing;
    private final Prober prober;
    private final StepRunner runner;
    private final Repeats repeats;
    private final ConfigChanges config;
    private final Groundwork move;
    private final Succession succession;
    private final Queueing queueing;
    private @Nullable Thread thread;

    // owned by the thread
    private Showing.Look last = Showing.Look.NONE;
    private @Nullable String edition;
    private @Nullable String uidBefore;
    private final Set<String> outdated = new HashSet<>();
    private final Set<String> leaving = new HashSet<>();
    private long forgiven;
    private int refusals;
    private @Nullable String waitsFor;

    PodWorker(PodName name, Kit kit, Owner owner) {
        this.name = name;
        this.kit = kit;
        this.owner = owner;
        events = new EventLog(name);
        showing = new Showing(name, kit, events);
        prober = new Prober(name, kit, events, this::poke);
        repeats = new Repeats(kit.settings().retry());
        runner = new StepRunner(name, kit, events, troubles, this::poke, owner);
        config = new ConfigChanges(kit, events);
        move = groundwork(Groundwork.Purpose.Move);
        succession = new Succession(groundwork(Groundwork.Purpose.Update));
        queueing = new Queueing(name, kit, owner.orders(), events, troubles);
    }

    private Groundwork groundwork(Groundwork.Purpose purpose) {
        return new Groundwork(purpose, name, kit, events, this::poke, () -> owner.desired().objects());
    }

    void start() {
        thread = Threads.start("pod " + name, this::work);
    }

    Optional<Thread> thread() {
        return Optional.ofNullable(thread);
    }

    PodName name() {
        return name;
    }

    /** Grows with each word that is left. */
    long word() {
        return inbox.current().version();
    }

    /** Whether it is to go: nobody wants it, and whoever might has spoken. */
    boolean isUnwanted(DesiredPods.Snapshot desired) {
        return !desired.pods().containsKey(name) && isSpokenFor(sandboxes(), desired.reported());
    }

    private static boolean isSpokenFor(List<Sandbox> sandboxes, Set<String> reported) {
        return sandboxes.stream().allMatch(s -> reported.contains(s.annotations().getOrDefault(Names.SOURCE, "")));
    }

    /** As they were last seen. */
    List<Sandbox> sandboxes() {
        return seen.all();
    }

    /** Something changed: look and think again. */
    void poke() {
        inbox.update(i -> new Inbox(i.pokes() + 1, i.forgive()));
    }

    /** What kept it waiting may be gone: try at once. */
    void forgive() {
        inbox.update(i -> new Inbox(i.pokes(), i.forgive() + 1));
    }

    /** A look at all pods of a runtime showed this; wakes the worker if it did not know. */
    void observed(String runtime, Optional<ObservedPod> now) {
        if (seen.learn(runtime, now)) {
            poke();
        }
    }

    /** A look just now showed this; it stands for the worker's own first one. */
    void adopted(String runtime, Optional<ObservedPod> now) {
        seen.first(runtime, now);
    }

    /** Whatever that runtime had of it is given up. */
    void forget(String runtime) {
        seen.forget(runtime);
        forgive();
    }

    private void work() throws InterruptedException {
        boolean retired = false;
        try {
            while (!retired) {
                Cell.Versioned<Inbox> word = inbox.current(); // before anything else is read: later word means another round
                Instant wakeAt = round(word.value());
                retired = wakeAt.equals(Instant.MIN) && owner.retire(this, word.version());
                inbox.after(word.version(), retired ? Instant.MIN : wakeAt, kit.clock());
            }
        } finally {
            prober.close();
        }
    }

    /** Looks, plans, carries out. @return when to come again at the latest; {@link Instant#MIN}: all is gone */
    private Instant round(Inbox word) throws InterruptedException {
        try {
            DesiredPods.Snapshot all = owner.desired();
            if (word.forgive() != forgiven) {
                forgiven = word.forgive();
                startAfresh();
            }
            Wanted wanted = new Wanted(inForce(all.pods().get(name)), all.reported());
            remember(wanted);
            return earlier(round(wanted), succession.retryAt());
        } catch (RuntimeUnreachable e) {
            LOG.debug("pod {} waits for its engine: {}", name, e.getMessage());
            return kit.now().plus(UNREACHABLE_RETRY);
        } catch (RuntimeRefused e) {
            events.warning(kit.now(), "Failed", String.valueOf(e.getMessage()));
            return retry();
        } catch (RuntimeException e) { // a fault, here or in a runtime, must not cost the pod its worker
            LOG.error("pod {} met a fault and tries again", name, e);
            events.warning(kit.now(), "Failed", e.toString());
            return retry();
        }
    }

    private Instant retry() {
        refusals++;
        return kit.now().plus(kit.settings().retry().afterFailures(refusals));
    }

    private @Nullable DesiredPod inForce(@Nullable DesiredPod wanted) throws InterruptedException {
        if (wanted == null || wanted.unfit() != null) {
            succession.none();
            return wanted;
        }
        return succession.choose(wanted, seen.all(), leaving, owner.targets().of(wanted), owner.engines());
    }

    private Instant round(Wanted wanted) throws InterruptedException {
        Target target = wanted.pod() == null || wanted.unfit() != null ? new Target.None("")
                : owner.targets().of(wanted.pod());
        return switch (Place.of(target, lives(), owner.engines(), owner.targets().mayCome(target))) {
            case Place.At(Kit.Engine engine) -> {
                waitFor(null);
                yield round(wanted, engine, null);
            }
            case Place.From(Kit.Engine engine, Kit.Engine to) -> {
                waitFor(null);
                yield round(wanted, engine, to);
            }
            case Place.Nowhere(String why) -> nowhere(wanted, why);
        };
    }

    /** The runtimes that have something of it, as far as is known. */
    private Set<String> lives() {
        Set<String> runtimes = new HashSet<>(seen.runtimes());
        kit.placements().at(name).ifPresent(runtimes::add);
        return runtimes;
    }

    private Instant nowhere(Wanted wanted, String why) throws InterruptedException {
        if (wanted.pod() == null && lives().isEmpty() && !owner.engines().isEmpty()) {
            end();
            return Instant.MIN;
        }
        if (wanted.unfit() != null && lives().isEmpty()) {
            kit.ports().give(name, owner::wake);
        }
        waitFor(why);
        show(wanted, goal(wanted)); // as it was when last seen
        return owner.targets().settled();
    }

    private void waitFor(@Nullable String why) {
        if (why == null && waitsFor != null) {
            troubles.cleared(Troubles.POD);
        } else if (why != null) {
            troubles.put(Troubles.POD, new Trouble.Retry(Trouble.NO_RUNTIME, why, 1, Instant.MAX));
        }
        waitsFor = why;
    }

    /** @param to where it is to go from here, or null when it is to be here */
    private Instant round(Wanted wanted, Kit.Engine engine, Kit.@Nullable Engine to) throws InterruptedException {
        if (stopsAtOnce(wanted)) {
            return kit.now();
        }
        List<Sandbox> sandboxes = config.applied(wanted.pod(), look(engine), owner.desired().objects());
        prober.follow(wanted.pod(), sandboxes, engine.runtime());
        if (!engine.name().equals(last.runtime())) {
            leaving.clear(); // what was to go from there has gone, and here it may have the same UID
        }
        last = new Showing.Look(sandboxes, prober.vitals(), engine.name(), engine.idScheme());
        Goal goal = to != null && wanted.pod() != null && leaves(wanted.pod(), to)
                ? new Goal.Leave("it moves to runtime " + to.name())
                : goal(wanted);
        Optional<Instant> stays = Optional.empty();
        if (wanted.pod() != null) {
            queueing.starts(wanted.pod(), sandboxes);
        } else {
            stays = queueing.stays(sandboxes);
        }
        Plan plan = stays.map(until -> Plan.of(List.of(), until))
                .orElseGet(() -> kit.planner().plan(goal, sandboxes, troubles, last.vitals(), kit.now()));
        if (plan.gone()) {
            kit.placements().left(name, engine.name());
            return kit.now(); // it may be elsewhere, or be wanted there
        }
        show(wanted, goal);
        if (showing.ended() && sandboxes.stream().noneMatch(Edition::alive)) {
            kit.ports().give(name, owner::wake);
        }
        Optional<Instant> tooSoon = repeats.tooSoon(plan.steps(), kit.now());
        if (tooSoon.isPresent()) {
            return tooSoon.get();
        }
        for (Step step : plan.steps()) {
            carryOut(step, wanted, goal, engine);
        }
        repeats.done(plan.steps(), kit.now());
        if (!plan.steps().isEmpty()) {
            return kit.now();
        }
        removeOutdated();
        refusals = 0;
        return config.orRetryAt(to == null ? plan.wakeAt() : earlier(plan.wakeAt(), move.retryAt()));
    }

    private static Instant earlier(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }

    /** Whether nothing keeps it here any more: what runs stays until it can go on elsewhere, and is cared for here. */
    private boolean leaves(DesiredPod desired, Kit.Engine to) throws InterruptedException {
        return leaving.contains(desired.uid()) || move.isDone(desired, to)
                || !move.isBlocked() && last.sandboxes().stream().noneMatch(StepRunner::runs);
    }

    private void carryOut(Step step, Wanted wanted, Goal goal, Kit.Engine engine) throws InterruptedException {
        if (step instanceof Step.RemoveData(String uid) && uid.equals(edition)
                && kit.placements().at(name).filter(at -> !at.equals(engine.name())).isPresent()) {
            return; // an engine that was away has an old sandbox of what runs elsewhere: these are its files
        }
        noteLeaving(step, goal);
        switch (step) {
            case Step.StopPod stop -> prober.halt(stop.sandbox());
            case Step.StopContainer stop -> prober.halt(stop.container().id());
            case Step.StopOutdated stop -> prober.halt(stop.container().id());
            case Step.RunSandbox _, Step.StartContainer _, Step.StartCreated _, Step.RemoveContainer _, Step.RemoveSandbox _,
                    Step.RemoveData _ -> { }
        }
        if (step instanceof Step.StopPod || step instanceof Step.StopContainer || step instanceof Step.StopOutdated) {
            stop(wanted, goal, () -> runner.carryOut(step, engine));
        } else {
            runner.carryOut(step, engine).ifPresent(made -> // known without another look
                seen.made(engine.name(), Stream.concat(Stream.of(made), last.sandboxes().stream()).toList()));
        }
    }

    /** Takes as long as the containers like: what probes find meanwhile is shown (P4). */
    private void stop(Wanted wanted, Goal goal, Parallel.Task stop) throws InterruptedException {
        Parallel.run("stop " + name, stop, inbox, this::poke, () -> {
            last = last.with(prober.vitals());
            show(wanted, goal);
        });
    }

    /**
     * A change that ends what runs is told at once to the containers that the last look showed. Everything else waits for
     * a new look, the sandbox above all: a container may have been started in it since, which has a right to its grace.
     */
    private boolean stopsAtOnce(Wanted wanted) throws InterruptedException {
        boolean changed = !Objects.equals(uidOf(wanted), uidBefore);
        uidBefore = uidOf(wanted);
        Kit.Engine engine = owner.engines().get(last.runtime());
        if (!changed || engine == null || last.sandboxes().isEmpty()
                || wanted.pod() == null && queueing.stays(last.sandboxes()).isPresent()) {
            return false;
        }
        Goal goal = goal(wanted);
        List<Step> stops = kit.planner().plan(goal, last.sandboxes(), troubles, last.vitals(), kit.now()).steps();
        boolean stopped = false;
        for (Step step : stops) {
            if (step instanceof Step.StopPod(Sandbox sandbox, String why) && StepRunner.runs(sandbox)) {
                noteLeaving(step, goal);
                prober.halt(sandbox);
                stop(wanted, goal, () -> runner.stopContainers(sandbox, why, engine.runtime()));
                stopped = true;
            }
        }
        return stopped;
    }

    private static @Nullable String uidOf(Wanted wanted) {
        return wanted.pod() == null ? null : wanted.pod().uid();
    }

    private void show(Wanted wanted, Goal goal) {
        showing.show(wanted.pod(), last, troubles, goal);
        queueing.shown();
    }

    private void noteLeaving(Step step, Goal goal) {
        boolean stays = step instanceof Step.StopPod stop && goal instanceof Goal.Run(DesiredPod desired)
                && desired.uid().equals(stop.sandbox().uid());
        if (step instanceof Step.StopPod(Sandbox sandbox, _) && !stays) {
            leaving.add(sandbox.uid());
        }
    }

    private void end() throws InterruptedException {
        if (edition != null) {
            outdated.add(edition);
        }
        removeOutdated();
        runner.forgetImages(List.of());
        kit.ports().give(name, owner::wake);
        kit.placements().forget(name);
        kit.board().remove(name);
        owner.orders().left(name);
    }

    private void remember(Wanted wanted) {
        DesiredPod desired = wanted.pod();
        if (desired != null) {
            if (!desired.uid().equals(edition)) {
                begin(desired);
            }
            showing.problems(desired.problems());
            Containers.all(desired.pod().spec()).stream()
                    .filter(c -> troubles.of(c.name()).orElse(null) instanceof Trouble.Pulling)
                    .forEach(c -> kit.images().coming(runner.ticket(c)).ifPresentOrElse(
                            coming -> troubles.put(c.name(), new Trouble.Pulling(coming.progress())),
                            () -> troubles.waitIsOver(c.name())));
        }
    }

    private void startAfresh() {
        troubles.clear();
        repeats.forgive();
        move.forgive();
        succession.forgive();
    }

    private void begin(DesiredPod desired) {
        troubles.clear();
        showing.begin();
        runner.forgetImages(Containers.all(desired.pod().spec()));
        if (edition != null) {
            outdated.add(edition);
        }
        edition = desired.uid();
        outdated.remove(edition);
    }

    /** Of editions that never got as far as a sandbox; a plan does it for the others. */
    private void removeOutdated() throws InterruptedException {
        outdated.removeAll(seen.uids());
        for (String uid : outdated) {
            runner.removeData(uid);
        }
        outdated.clear();
    }

    private Goal goal(Wanted wanted) {
        leaving.retainAll(last.sandboxes().stream().map(Sandbox::uid).collect(Collectors.toSet()));
        if (wanted.pod() != null) {
            // what was told to go goes all the way, even when it is wanted again: it comes back as new
            boolean goes = leaving.contains(wanted.pod().uid())
                    || last.sandboxes().stream().anyMatch(s -> Edition.isOutdated(s, wanted.pod()));
            return queueing.keepsTheOldOne(wanted.pod(), last.sandboxes(), leaving) || succession.holds(last.sandboxes())
                    ? new Goal.Hold()
                    : goes ? new Goal.Leave("its manifest changed")
                            : wanted.unfit() != null ? new Goal.Leave(wanted.unfit()) : new Goal.Run(wanted.pod());
        }
        return isSpokenFor(last.sandboxes(), wanted.reported()) ? new Goal.Leave("its manifest is gone") : new Goal.Hold();
    }

    private List<Sandbox> look(Kit.Engine engine) throws InterruptedException {
        return seen.look(engine, name).stream()
                .map(s -> TerminationMessages.within(kit.node(), name, s)).toList();
    }
}
