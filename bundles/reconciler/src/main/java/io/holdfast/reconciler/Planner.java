package io.holdfast.reconciler;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import io.holdfast.pod.Container;
import io.holdfast.pod.PodSpec;
import io.holdfast.pod.PodSpec.RestartPolicy;
import io.holdfast.runtime.ObservedPod;
import io.holdfast.runtime.ObservedPod.Sandbox;
import io.holdfast.runtime.ObservedPod.State;
import io.holdfast.source.DesiredPod;

/**
 * Decides what to do for one pod name, from what is wanted and what was seen: no I/O, no clock, no log. After the steps
 * of a plan the worker looks and plans again, until nothing is left to do.
 */
final class Planner {

    private final Backoff restarts;

    Planner(Backoff restarts) {
        this.restarts = restarts;
    }

    /**
     * @param seen all sandboxes of that name, of any edition
     * @param vitals of what runs in them
     */
    Plan plan(Goal goal, List<Sandbox> seen, Troubles troubles, Vitals vitals, Instant now) {
        return switch (goal) {
            case Goal.Hold _ -> Plan.NOTHING;
            case Goal.Leave(String why) -> leave(seen, why);
            case Goal.Run(DesiredPod desired) -> run(desired, seen, troubles, vitals, now);
        };
    }

    private static Plan leave(List<Sandbox> seen, String why) {
        if (seen.isEmpty()) {
            return Plan.GONE;
        }
        List<Step> stops = stops(seen.stream(), why);
        return Plan.of(stops.isEmpty() ? removals(seen.stream()) : stops);
    }

    private Plan run(DesiredPod desired, List<Sandbox> seen, Troubles troubles, Vitals vitals, Instant now) {
        // S7: the old edition leaves before the new one comes
        List<Step> stops = stops(others(desired, seen), "its manifest changed");
        if (!stops.isEmpty()) {
            return Plan.of(stops);
        }
        Edition edition = Edition.of(desired.uid(), seen, vitals);
        Optional<Sandbox> ready = edition.newest().filter(Sandbox::ready);
        stops = stops(edition.sandboxes().stream().filter(s -> ready.isEmpty() || !s.equals(ready.get())),
                "its sandbox is not ready");
        if (!stops.isEmpty()) {
            return Plan.of(stops);
        }
        Deadline deadline = Deadline.of(desired);
        boolean late = deadline.isOver(edition, now);
        if (late || edition.completed(desired.pod().spec())) {
            String why = late ? Deadline.MESSAGE : "its containers have ended";
            return Plan.of(ready.isPresent() ? List.of(new Step.StopPod(ready.get(), why)) : tidy(desired, seen, edition));
        }
        Plan urgent = ready.isPresent() ? containers(desired, edition, ready.get(), troubles, now)
                : sandbox(desired, edition, troubles, now);
        return (urgent.steps().isEmpty() ? Plan.of(tidy(desired, seen, edition), urgent.wakeAt()) : urgent)
                .wakingBy(deadline.at());
    }

    private Plan sandbox(DesiredPod desired, Edition edition, Troubles troubles, Instant now) {
        return troubles.until(Troubles.POD, now).map(at -> Plan.of(List.of(), at))
                .orElseGet(() -> Plan.of(List.of(new Step.RunSandbox(desired, edition.nextSandboxAttempt()))));
    }

    private Plan containers(DesiredPod desired, Edition edition, Sandbox sandbox, Troubles troubles, Instant now) {
        List<Step> steps = new ArrayList<>();
        Instant wakeAt = Instant.MAX;
        for (Container container : due(desired.pod().spec(), edition, sandbox)) {
            Optional<Instant> wait = troubles.until(container.name(), now)
                    .or(() -> restartAt(desired, edition, container).filter(now::isBefore));
            if (wait.isEmpty()) {
                container(desired, edition, sandbox, container).ifPresent(steps::add);
            } else if (wait.get().isBefore(wakeAt)) {
                wakeAt = wait.get();
            }
        }
        return Plan.of(steps, wakeAt);
    }

    /** The containers that are to run, or to have run, at this point (C5, C6). */
    private static List<Container> due(PodSpec spec, Edition edition, Sandbox sandbox) {
        if (Edition.initialized(sandbox, spec)) {
            return Containers.lasting(spec).toList();
        }
        List<Container> due = new ArrayList<>();
        List<Container> inits = spec.initContainers();
        int reached = reached(inits, sandbox);
        for (Container init : inits) {
            boolean isBefore = inits.indexOf(init) < reached;
            if (!isBefore || Containers.isSidecar(init)) {
                due.add(init);
            }
            if (!isBefore && !edition.passed(init, sandbox)) {
                return due;
            }
        }
        due.addAll(spec.containers());
        return due;
    }

    /** The last one that was made: those before it have passed once, and a sidecar that died since is no reason to wait. */
    private static int reached(List<Container> inits, Sandbox sandbox) {
        for (int i = inits.size() - 1; i > 0; i--) {
            String name = inits.get(i).name();
            if (sandbox.containers().stream().anyMatch(c -> c.name().equals(name))) {
                return i;
            }
        }
        return 0;
    }

    /** When a dead container may be started again; empty when it is not dead, or is not to be. */
    Optional<Instant> restartAt(DesiredPod desired, Edition edition, Container container) {
        return edition.newest(container.name())
                .filter(c -> !Edition.ended(container, c, desired.pod().spec()))
                .flatMap(c -> c.state() instanceof State.Exited exited
                        ? Optional.of(exited.finishedAt().plus(RestartDelay.after(c, exited, restarts).duration()))
                        : Optional.empty());
    }

    private Optional<Step> container(DesiredPod desired, Edition edition, Sandbox sandbox, Container container) {
        ObservedPod.Container newest = edition.newest(container.name()).orElse(null);
        if (newest == null) {
            return Optional.of(
                    new Step.StartContainer(desired, sandbox, container, 0, RestartDelay.FIRST_START));
        }
        return switch (newest.state()) {
            case State.Running _ -> edition.vitals().failure(newest.id())
                    .map(f -> fail(Containers.restartPolicy(desired.pod().spec(), container), sandbox, newest, f))
                    .or(() -> ConfigChanges.note(newest).map(why -> new Step.StopOutdated(desired, sandbox, newest, why)));
            case State.Created _ when sandbox.containers().contains(newest) ->
                Optional.of(new Step.StartCreated(desired, newest));
            case State.Created _ -> Optional.of(new Step.StartContainer(desired, sandbox, container,
                    newest.attempt() + 1, RestartDelay.of(newest)));
            case State.Unknown _ -> Optional.of(new Step.StopContainer(sandbox, newest, Optional.empty(),
                    "Stopping container " + newest.name() + ": its state is unknown"));
            case State.Exited _ when Edition.ended(container, newest, desired.pod().spec()) ->
                isDone(desired, sandbox, container, newest) ? Optional.empty() : Optional.of(new Step.StartContainer(desired,
                        sandbox, container, newest.attempt() + 1, RestartDelay.FIRST_START));
            case State.Exited exited -> Optional.of(new Step.StartContainer(desired, sandbox, container,
                    newest.attempt() + 1, RestartDelay.after(newest, exited, restarts)));
        };
    }

    /** What an init container did in another sandbox is to be done again (C1). */
    private static boolean isDone(DesiredPod desired, Sandbox sandbox, Container container, ObservedPod.Container ended) {
        return Containers.placeOfInit(desired.pod().spec(), container) < 0 || sandbox.containers().contains(ended);
    }

    private static Step fail(RestartPolicy policy, Sandbox sandbox, ObservedPod.Container container, Vitals.Failure why) {
        boolean again = policy != RestartPolicy.Never;
        return new Step.StopContainer(sandbox, container, Optional.ofNullable(why.grace()),
                "Container " + container.name() + " " + why.what() + (again ? ", will be restarted" : ""));
    }

    /** G1: one dead container per name and the newest dead sandbox that had some stay, for a look at their logs. */
    private static List<Step> tidy(DesiredPod desired, List<Sandbox> seen, Edition edition) {
        List<Step> steps = new ArrayList<>(removals(others(desired, seen)));
        List<Sandbox> older = edition.sandboxes().stream().skip(1).toList();
        Stream.concat(older.stream().filter(s -> s.containers().isEmpty()),
                older.stream().filter(s -> !s.containers().isEmpty()).skip(1))
                .map(Step.RemoveSandbox::new).forEach(steps::add);
        for (Container container : Containers.all(desired.pod().spec())) {
            edition.sandboxes().stream().limit(2).flatMap(s -> s.containers().stream()
                    .filter(c -> c.name().equals(container.name()) && c.state() instanceof State.Exited)
                    .map(c -> new Step.RemoveContainer(s, c)))
                    .sorted((a, b) -> b.container().attempt() - a.container().attempt()).skip(1).forEach(steps::add);
        }
        return steps;
    }

    private static Stream<Sandbox> others(DesiredPod desired, List<Sandbox> seen) {
        return seen.stream().filter(s -> !s.uid().equals(desired.uid()));
    }

    private static List<Step> stops(Stream<Sandbox> sandboxes, String why) {
        return sandboxes.filter(Edition::alive).map(s -> (Step) new Step.StopPod(s, why)).toList();
    }

    /** The sandbox goes last: as long as it is there, a killed agent finds out what is left to remove. */
    private static List<Step> removals(Stream<Sandbox> sandboxes) {
        List<Sandbox> dead = sandboxes.toList();
        return Stream.<Step>concat(dead.stream().map(Sandbox::uid).distinct().map(Step.RemoveData::new),
                dead.stream().map(Step.RemoveSandbox::new)).toList();
    }
}
