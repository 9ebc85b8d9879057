package io.holdfast.reconciler;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import io.holdfast.pod.PodName;
import io.holdfast.pod.PodSpec;
import io.holdfast.source.DesiredPod;
import io.holdfast.status.PodStatus;
import io.holdfast.status.PodView;

/**
 * Which pods start and stop before others (behaviour R10): by an annotation, and by priority. No I/O, no clock, no log.
 *
 * @param node which the names of pods end with, and may leave out
 */
record Order(String node) {

    /** Annotation on pods: those that are to be ready before, as {@code name} or {@code namespace/name}. */
    static final String AFTER = "holdfast.io/after";
    /** Annotation on sandboxes: the pod's priority, for the time when its manifest is gone. */
    static final String PRIORITY = "io.holdfast.priority";

    static final String WAITS = "WaitingForPods";
    static final String CIRCLE = "CircularOrder";

    private static final Map<String, Integer> CLASSES = Map.of("system-node-critical", 2_000_001_000,
            "system-cluster-critical", 2_000_000_000);
    private static final Pattern BETWEEN = Pattern.compile("[,\\s]+");
    private static final Duration KILL = Duration.ofSeconds(5); // what an engine may take to kill and remove a pod

    /**
     * A pod that is to go.
     *
     * @param after the annotation, empty for none
     * @param grace the longest of its containers
     */
    record Departure(String after, int priority, Duration grace, Instant since) {
    }

    /**
     * A pod that is to go does not stop yet.
     *
     * @param others those that stop before
     * @param until then it stops all the same
     */
    record Stay(Set<PodName> others, Instant until) {
    }

    static int priority(PodSpec spec) {
        Integer own = spec.priority() == null ? 0 : spec.priority();
        return spec.priorityClassName() == null ? own : CLASSES.getOrDefault(spec.priorityClassName(), own);
    }

    static boolean isOrdered(DesiredPod pod) {
        return pod.pod().metadata().annotations().containsKey(AFTER);
    }

    /** Whether those that come after it may start. */
    static boolean isDone(@Nullable PodView view) {
        if (view == null || view.leaving() || view.desired() != null && !view.uid().equals(view.desired().uid())) {
            return false;
        }
        return view.status().phase() == PodStatus.Phase.Succeeded || view.status().conditions().stream()
                .anyMatch(c -> c.type().equals("Ready") && c.status());
    }

    /** Those that the pod comes after. */
    Set<PodName> after(DesiredPod pod, Set<PodName> known) {
        return after(pod.pod().metadata().annotations().getOrDefault(AFTER, ""), pod.name().namespace(), known);
    }

    private Set<PodName> after(String names, String namespace, Set<PodName> known) {
        return BETWEEN.splitAsStream(names).filter(n -> !n.isEmpty()).map(name -> {
            int slash = name.indexOf('/');
            PodName given = new PodName(slash < 0 ? namespace : name.substring(0, slash), name.substring(slash + 1));
            return known.contains(given) ? given : new PodName(given.namespace(), given.name() + "-" + node);
        }).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Why the pod is not to be started yet; empty: it may be. */
    Optional<Trouble.Awaits> awaits(DesiredPod pod, Map<PodName, DesiredPod> all, Predicate<PodName> done) {
        if (!isOrdered(pod)) {
            return Optional.empty();
        }
        List<PodName> circle = circle(pod.name(), all);
        if (!circle.isEmpty()) {
            return Optional.of(new Trouble.Awaits(CIRCLE, AFTER + " goes round in a circle: "
                    + circle.stream().map(PodName::toString).collect(Collectors.joining(" after "))
                    + "; none of them is started until one of their manifests is changed, what runs stays as it is"));
        }
        String missing = after(pod, all.keySet()).stream().filter(done.negate())
                .map(p -> "pod " + p + (all.containsKey(p) ? ", which is not ready" : ", which no manifest wants"))
                .collect(Collectors.joining("; for "));
        return missing.isEmpty() ? Optional.empty() : Optional.of(new Trouble.Awaits(WAITS, "waits for " + missing));
    }

    /** The shortest way from a pod by those it comes after back to itself; empty: there is none. */
    private List<PodName> circle(PodName from, Map<PodName, DesiredPod> all) {
        Map<PodName, PodName> cameFrom = new HashMap<>();
        Queue<PodName> open = new ArrayDeque<>(List.of(from));
        while (!open.isEmpty()) {
            PodName here = open.remove();
            DesiredPod pod = all.get(here);
            for (PodName next : pod == null ? Set.<PodName>of() : after(pod, all.keySet())) {
                if (next.equals(from)) {
                    return way(from, here, cameFrom);
                }
                if (cameFrom.putIfAbsent(next, here) == null) {
                    open.add(next);
                }
            }
        }
        return List.of();
    }

    private static List<PodName> way(PodName from, PodName last, Map<PodName, PodName> cameFrom) {
        List<PodName> way = new ArrayList<>(List.of(from));
        for (PodName at = last; !at.equals(from); at = Objects.requireNonNull(cameFrom.get(at))) {
            way.addFirst(at);
        }
        way.addFirst(from);
        return way;
    }

    /** Whether a pod that is to go has to wait for others that go, and come before it; empty: it may stop now. */
    Optional<Stay> stays(PodName name, Map<PodName, Departure> going, Instant now) {
        if (!going.containsKey(name) || going.values().stream().map(Departure::priority).distinct().count() == 1
                && going.values().stream().allMatch(d -> d.after().isEmpty())) {
            return Optional.empty();
        }
        Stops stops = new Stops(going);
        Set<PodName> others = stops.before(name);
        Instant until = stops.latest(name);
        return others.isEmpty() || !now.isBefore(until) ? Optional.empty() : Optional.of(new Stay(others, until));
    }

    /** The order in which some pods stop: against that of their start. */
    private final class Stops {

        private final Map<PodName, Departure> going;
        private final Map<PodName, Set<PodName>> followers = new HashMap<>();
        private final Map<PodName, Integer> priorities = new HashMap<>();
        private final Map<PodName, Instant> latest = new HashMap<>();

        Stops(Map<PodName, Departure> going) {
            this.going = going;
            going.forEach((name, d) -> after(d.after(), name.namespace(), going.keySet()).forEach(
                    first -> followers.computeIfAbsent(first, _ -> new TreeSet<>()).add(name)));
        }

        /** What others come after is as important as they are: so the two kinds of order never contradict each other. */
        private int priority(PodName name) {
            Integer known = priorities.putIfAbsent(name, of(name).priority()); // first, in case it comes round to itself
            int own = known == null ? of(name).priority() : known;
            if (known == null) {
                for (PodName follower : followers.getOrDefault(name, Set.of())) {
                    own = Math.max(own, priority(follower));
                }
                priorities.put(name, own);
            }
            return own;
        }

        private Departure of(PodName name) {
            return Objects.requireNonNull(going.get(name));
        }

        Set<PodName> before(PodName name) {
            Set<PodName> before = new TreeSet<>(followers.getOrDefault(name, Set.of()));
            going.keySet().stream().filter(other -> priority(other) < priority(name)).forEach(before::add);
            before.remove(name);
            return before;
        }

        /** When it begins to stop at the latest: each of those before it has its grace. */
        Instant latest(PodName name) {
            Instant known = latest.putIfAbsent(name, of(name).since());
            if (known != null) {
                return known;
            }
            Instant at = before(name).stream().map(other -> latest(other).plus(of(other).grace()).plus(KILL))
                    .max(Comparator.naturalOrder()).orElse(of(name).since());
            latest.put(name, at);
            return at;
        }
    }
}
