package io.holdfast.manifest;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.holdfast.manifest.CheckedFiles.CheckedFile;
import io.holdfast.manifest.Origin.KeptObject;
import io.holdfast.pod.PodName;
import io.holdfast.source.ConfigObject;
import io.holdfast.source.DesiredPod;
import io.holdfast.source.DesiredPods.Snapshot;
import io.holdfast.source.FileNames;
import io.holdfast.source.Manifest;
import io.holdfast.source.Problem;

/**
 * What would become of a node if some files took the place of what is there: the same reading, the same merge, on a
 * state of its own. A file takes the place of the one of its name, which may be the end of its path, as with files of a
 * Git repository; what has no name takes that of the pods in it, as a file does of those that come from no file.
 */
final class Rehearsal {

    /** The source of files that no source has yet. */
    static final String NEW = "new";

    /**
     * @param origins what comes of each file
     * @param sources the source that each file would be of
     * @param replaced by pod, the file that has taken the place of what the pod came from
     */
    record Outcome(Known after, Map<String, Origin> origins, Map<String, String> sources,
            Map<PodName, String> replaced) {

        /** The file that a pod would be in force from, if it is one of those that are checked. */
        Optional<String> file(DesiredPod pod) {
            return pod.source().equals(sources.get(pod.origin())) ? Optional.of(pod.origin()) : Optional.empty();
        }

        /** What is wrong with a file, and which of its pods are refused. */
        List<Problem> problems(String file) {
            Stream<Problem> refused = after.duplicates().stream()
                    .filter(duplicate -> duplicate.source().equals(sources.get(file)))
                    .map(Known.Duplicate::problem).filter(problem -> problem.origin().equals(file));
            return Stream.concat(origin(file).problems().stream(), refused).sorted(
                    Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column)).toList();
        }

        /** The objects that a file would be in force for. */
        List<ConfigObject> objects(String file) {
            return origin(file).objects().stream().filter(object -> !object.held()).map(KeptObject::object)
                    .filter(object -> object.equals(after.desired().objects().get(object.key()))).distinct().toList();
        }

        /** The pods that a file would be in force for, in its order. */
        List<DesiredPod> pods(String file) {
            return origin(file).pods().stream().map(DesiredPod::name).distinct()
                    .map(after.desired().pods()::get).filter(Objects::nonNull)
                    .filter(pod -> file(pod).equals(Optional.of(file))).toList();
        }

        /** What of a file is for other nodes, and why. */
        List<String> elsewhere(String file) {
            return origin(file).elsewhere();
        }

        private Origin origin(String file) {
            return Objects.requireNonNull(origins.get(file), file);
        }
    }

    /** What a file takes the place of. */
    private record Place(String source, String origin) {
    }

    private final ThisNode node;
    private final InstantSource clock;
    private final Map<String, Map<String, Origin>> sources = new TreeMap<>();
    private final Map<PodName, DesiredPod> inForce;
    private final Map<ConfigObject.Key, ConfigObject> objectsInForce;
    private final Map<String, List<Manifest>> files = new TreeMap<>();
    private final Map<PodName, String> replaced = new HashMap<>();

    private Rehearsal(ThisNode node, Known known, InstantSource clock) {
        this.node = node;
        this.clock = clock;
        known.sources().forEach((name, state) -> sources.put(name, new HashMap<>(state.origins())));
        inForce = new LinkedHashMap<>(known.desired().pods());
        objectsInForce = new LinkedHashMap<>(known.desired().objects());
    }

    static Outcome of(ThisNode node, Known inForce, List<CheckedFile> files, InstantSource clock) {
        Rehearsal rehearsal = new Rehearsal(node, inForce, clock);
        files.forEach(rehearsal::place);
        return rehearsal.outcome();
    }

    /** Last good pods as if their sources were there and had just said so. */
    static Known inForce(Map<String, Map<String, Origin>> lastGood, InstantSource clock) {
        Known known = Known.EMPTY;
        for (var source : lastGood.entrySet()) {
            known = known.with(reported(source.getKey(), source.getValue(), clock));
        }
        return known;
    }

    private static SourceState reported(String source, Map<String, Origin> origins, InstantSource clock) {
        return SourceState.restored(source, Map.of()).read(origins, clock.instant());
    }

    /** Whether a source has read a file of this name. */
    static boolean isKnown(CheckedFile file, Known inForce) {
        return inForce.sources().values().stream()
                .anyMatch(source -> file.names().stream().anyMatch(source.origins()::containsKey));
    }

    private void place(CheckedFile file) {
        Set<PodName> names = sources.isEmpty() ? Set.of() : names(file.manifest());
        Optional<Place> place = placeOf(file, names);
        Set<DesiredPod> loose = file.names().isEmpty() ? inForce(names, _ -> true) : inForce(names, Rehearsal::isNoFile);
        String source = place.map(Place::source).orElseGet(() -> sourceOf(loose));
        Map<String, Origin> origins = sources.computeIfAbsent(source, s -> new HashMap<>());
        Origin taken = place.map(p -> taken(origins, p.origin())).orElseGet(() -> taken(loose));
        List<DesiredPod> pods = taken.pods();
        List<DesiredPod> moved = pods.stream().map(pod -> from(pod, source, file.shown())).toList();
        List<KeptObject> objects = taken.objects().stream().map(object -> object.from(source, file.shown())).toList();
        origins.put(file.shown(), new Origin(file.shown(), null, moved, objects, List.of()));
        objects.forEach(object -> objectsInForce.replace(object.key(), object.object()));
        for (DesiredPod pod : pods) {
            DesiredPod now = inForce.get(pod.name());
            if (now != null && now.source().equals(pod.source()) && now.origin().equals(pod.origin())) {
                inForce.put(now.name(), from(now, source, file.shown()));
                replaced.put(now.name(), file.shown());
            }
        }
        files.computeIfAbsent(source, s -> new ArrayList<>()).add(file.manifest());
    }

    private Set<PodName> names(Manifest manifest) {
        Map<String, Origin> read = new OriginReader(NEW, node, _ -> null, clock).read(List.of(manifest), Map.of());
        Set<PodName> names = new TreeSet<>();
        for (Origin origin : read.values()) {
            origin.pods().forEach(pod -> names.add(pod.name()));
            origin.problems().stream().map(Problem::pod).filter(Objects::nonNull).forEach(names::add);
        }
        return names;
    }

    private Optional<Place> placeOf(CheckedFile file, Set<PodName> names) {
        return file.names().stream().flatMap(name -> placeOf(name, names).stream()).findFirst();
    }

    /** Of several sources that have a file of this name, the one whose pods are in it. */
    private Optional<Place> placeOf(String name, Set<PodName> names) {
        Comparator<Map.Entry<String, Map<String, Origin>>> byPods = Comparator.comparingLong(source -> Objects
                .requireNonNull(source.getValue().get(name)).pods().stream().filter(p -> names.contains(p.name()))
                .count());
        return sources.entrySet().stream()
                .filter(source -> source.getValue().containsKey(name) && !isTaken(source.getKey(), name)).max(byPods)
                .map(source -> new Place(source.getKey(), name));
    }

    private boolean isTaken(String source, String origin) {
        return files.getOrDefault(source, List.of()).stream().anyMatch(file -> file.origin().equals(origin));
    }

    /** Those pods that no file has taken the place of yet. */
    private Set<DesiredPod> inForce(Set<PodName> names, Predicate<DesiredPod> which) {
        return names.stream().filter(name -> !replaced.containsKey(name)).map(inForce::get).filter(Objects::nonNull)
                .filter(which).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** Whether a pod is from a URL, or from whatever else has no file's name that could be compared. */
    private static boolean isNoFile(DesiredPod pod) {
        String origin = pod.origin();
        return origin.contains("://") || !FileNames.USUAL.isManifest(origin.substring(origin.lastIndexOf('/') + 1));
    }

    private String sourceOf(Set<DesiredPod> pods) {
        return pods.stream().map(DesiredPod::source).findFirst().orElseGet(this::sourceOfNewFiles);
    }

    private String sourceOfNewFiles() {
        return sources.size() == 1 ? sources.keySet().iterator().next() : NEW;
    }

    private static Origin taken(Map<String, Origin> origins, String name) {
        Origin origin = origins.remove(name);
        return origin == null ? Origin.empty(name) : origin;
    }

    private Origin taken(Set<DesiredPod> pods) {
        pods.forEach(pod -> Objects.requireNonNull(sources.get(pod.source())).computeIfPresent(pod.origin(),
                (_, origin) -> new Origin(origin.name(), null,
                        origin.pods().stream().filter(other -> !other.name().equals(pod.name())).toList(),
                        origin.objects(), List.of())));
        return new Origin("", null, List.copyOf(pods), List.of(), List.of());
    }

    private static DesiredPod from(DesiredPod pod, String source, String origin) {
        return new DesiredPod(pod.pod(), pod.json(), source, origin, pod.seen(), pod.held(), pod.unfit(),
                pod.problems());
    }

    private Outcome outcome() {
        Map<String, SourceState> states = new TreeMap<>();
        sources.forEach((source, origins) -> states.put(source, reported(source, origins, clock)));
        Known known = new Known(states, new Snapshot(inForce, Set.of(), objectsInForce), List.of(), Set.of());
        Map<String, Origin> read = new HashMap<>();
        Map<String, String> sourceOf = new HashMap<>();
        for (var source : files.entrySet()) {
            Map<String, Origin> origins = Objects.requireNonNull(sources.get(source.getKey()));
            Map<String, Origin> now = read(source.getKey(), source.getValue(), origins);
            origins.putAll(now);
            read.putAll(now);
            now.keySet().forEach(file -> sourceOf.put(file, source.getKey()));
            known = known.with(reported(source.getKey(), origins, clock));
        }
        return new Outcome(known, read, sourceOf, replaced);
    }

    private Map<String, Origin> read(String source, List<Manifest> manifests, Map<String, Origin> origins) {
        Map<String, Origin> before = new HashMap<>(origins);
        before.keySet().retainAll(manifests.stream().map(Manifest::origin).collect(Collectors.toSet()));
        return new OriginReader(source, node, inForce::get, clock).read(manifests, before);
    }
}
