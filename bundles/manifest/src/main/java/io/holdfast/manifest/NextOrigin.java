package io.holdfast.manifest;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.holdfast.manifest.Origin.KeptObject;
import io.holdfast.manifest.Reading.Elsewhere;
import io.holdfast.manifest.Reading.Nameless;
import io.holdfast.manifest.Reading.ObjectDocument;
import io.holdfast.manifest.Reading.PodDocument;
import io.holdfast.pod.PodName;
import io.holdfast.source.ConfigObject;
import io.holdfast.source.ConfigObject.Key;
import io.holdfast.source.DesiredPod;
import io.holdfast.source.Manifest;
import io.holdfast.source.Problem;

/**
 * One origin's way from what it said to what it says: what is good is taken, what is broken stays as it was last good,
 * and what did not change is the same instance.
 */
final class NextOrigin {

    private final String source;
    private final InstantSource clock;
    private final Manifest manifest;
    private final Origin old;
    private final Map<PodName, DesiredPod> oldPods = new HashMap<>();
    private final Map<Key, KeptObject> oldObjects = new HashMap<>();
    private final Map<PodName, DesiredPod> homelessPods = new HashMap<>();
    private final Map<Key, KeptObject> homelessObjects = new HashMap<>();
    private final List<DesiredPod> pods = new ArrayList<>();
    private final List<KeptObject> objects = new ArrayList<>();
    private final Set<Object> there = new HashSet<>();
    private final List<Problem> problems = new ArrayList<>();

    /** @param homeless what came from origins that are gone */
    NextOrigin(String source, InstantSource clock, Manifest manifest, Origin old, Origin homeless) {
        this.source = source;
        this.clock = clock;
        this.manifest = manifest;
        this.old = old;
        old.pods().forEach(pod -> oldPods.putIfAbsent(pod.name(), pod));
        old.objects().forEach(object -> oldObjects.putIfAbsent(object.key(), object));
        homeless.pods().forEach(pod -> homelessPods.put(pod.name(), pod));
        homeless.objects().forEach(object -> homelessObjects.put(object.key(), object));
    }

    Origin of(Reading reading) {
        reading.documents().forEach(this::take);
        reading.documents().forEach(this::keep);
        // a document without a name may be anything of this origin that is missing now
        List<Fault> nameless = new ArrayList<>();
        reading.documents().stream().filter(Nameless.class::isInstance).forEach(d -> nameless.addAll(d.faults()));
        if (reading.broken() != null) {
            nameless.add(reading.broken());
        }
        if (!nameless.isEmpty()) {
            keep(nameless, null, "it is not run",
                    old.pods().stream().filter(pod -> !there.contains(pod.name())).toList(),
                    old.objects().stream().filter(object -> !there.contains(object.key())).toList());
        }
        List<String> elsewhere = reading.documents().stream()
                .flatMap(d -> d instanceof Elsewhere(String what, String why)
                        ? Stream.of(what + " has no pod on this node: " + why)
                        : Stream.empty())
                .toList();
        return new Origin(manifest.origin(), manifest, List.copyOf(pods), List.copyOf(objects), List.copyOf(problems), elsewhere);
    }

    private void take(Reading.Document document) {
        switch (document) {
            case PodDocument(PodName name, Reading.ReadPod pod, List<Fault> _) when pod != null -> {
                there.add(name);
                pods.add(fresh(pod));
            }
            case ObjectDocument(Key key, Reading.ReadObject object, List<Fault> _) when object != null -> {
                there.add(key);
                objects.add(fresh(new ConfigObject(key, object.type(), object.data(), source, manifest.origin())));
            }
            case PodDocument _, ObjectDocument _, Elsewhere _, Nameless _ -> { }
        }
    }

    private DesiredPod fresh(Reading.ReadPod read) {
        DesiredPod now = new DesiredPod(read.pod(), read.json(), source, manifest.origin(), read.seen(), null,
                read.unfit(), List.of());
        DesiredPod before = oldPods.get(now.name());
        return before != null && now.equals(before) ? before : now;
    }

    private KeptObject fresh(ConfigObject now) {
        KeptObject before = oldObjects.get(now.key());
        return before != null && before.object().equals(now) ? before.held(false)
                : new KeptObject(now, clock.instant(), false);
    }

    private void keep(Reading.Document document) {
        switch (document) {
            case PodDocument(PodName name, Reading.ReadPod pod, List<Fault> faults) when pod == null -> {
                DesiredPod kept = there.contains(name) ? null : oldPods.getOrDefault(name, homelessPods.get(name));
                keep(faults, name, "it is not run", Stream.ofNullable(kept).toList(), List.of());
            }
            case ObjectDocument(Key key, Reading.ReadObject object, List<Fault> faults) when object == null -> {
                KeptObject kept = there.contains(key) ? null : oldObjects.getOrDefault(key, homelessObjects.get(key));
                keep(faults, null, key + " is not there", List.of(), Stream.ofNullable(kept).toList());
            }
            case PodDocument _, ObjectDocument _, Elsewhere _, Nameless _ -> { }
        }
    }

    /** @param nothing what happens now if nothing is kept */
    private void keep(List<Fault> faults, @Nullable PodName name, String nothing, List<DesiredPod> keptPods,
            List<KeptObject> keptObjects) {
        List<String> podNames = keptPods.stream().map(pod -> pod.name().toString()).sorted().toList();
        List<String> objectNames = keptObjects.stream().map(object -> object.key().toString()).sorted().toList();
        String consequence = podNames.isEmpty() && objectNames.isEmpty() ? nothing : consequence(podNames, objectNames);
        List<Problem> found = faults.stream().map(fault -> problem(fault, consequence, name)).toList();
        problems.addAll(found);
        String why = manifest instanceof Manifest.Unreadable ? manifest.origin() + " cannot be read"
                : manifest.origin() + " has errors";
        for (DesiredPod pod : keptPods) {
            pods.add(new DesiredPod(pod.pod(), pod.json(), source, manifest.origin(), pod.seen(), why, pod.unfit(),
                    found));
        }
        keptObjects.forEach(object -> objects.add(kept(object)));
    }

    private KeptObject kept(KeptObject object) {
        KeptObject here = object.object().origin().equals(manifest.origin()) ? object
                : object.from(source, manifest.origin());
        return here.held(true);
    }

    private static String consequence(List<String> pods, List<String> objects) {
        String running = (pods.size() == 1 ? "the running pod " : "the running pods ") + String.join(", ", pods);
        List<String> kept = pods.isEmpty() ? objects : Stream.concat(Stream.of(running), objects.stream()).toList();
        return String.join(", ", kept)
                + (pods.size() + objects.size() == 1 ? " stays as it was" : " stay as they were");
    }

    private Problem problem(Fault fault, String consequence, @Nullable PodName name) {
        return new Problem(manifest.origin(), fault.place().line(), fault.place().column(), fault.path(),
                fault.message(), consequence, name, old.problems().stream()
                        .filter(p -> p.path().equals(fault.path()) && p.message().equals(fault.message())
                                && Objects.equals(p.pod(), name))
                        .map(Problem::since).findFirst().orElseGet(clock::instant));
    }
}
