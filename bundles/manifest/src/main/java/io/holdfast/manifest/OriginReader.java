package io.holdfast.manifest;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import io.holdfast.pod.PodName;
import io.holdfast.source.DesiredPod;
import io.holdfast.source.Manifest;
import io.holdfast.source.Problem;

/**
 * Reads one source's manifests, only those that changed, and keeps what was last good of those that cannot be read
 * (decision "last-known-good, everywhere").
 */
final class OriginReader {

    private final String source;
    private final PodReader reader;
    private final Function<PodName, @Nullable DesiredPod> inForce;
    private final InstantSource clock;

    OriginReader(String source, String node, Function<PodName, @Nullable DesiredPod> inForce, InstantSource clock) {
        this.source = source;
        this.reader = new PodReader(node, source);
        this.inForce = inForce;
        this.clock = clock;
    }

    /**
     * Says nothing to anybody: what is wrong is in the result.
     *
     * @param before what was known of this source until now, by origin
     * @return in the order of the manifests
     */
    Map<String, Origin> read(List<Manifest> manifests, Map<String, Origin> before) {
        Map<String, Origin> now = LinkedHashMap.newLinkedHashMap(manifests.size());
        Map<PodName, DesiredPod> homeless = null;
        for (Manifest manifest : manifests) {
            Origin old = before.get(manifest.origin());
            if (old == null || !isSame(old.manifest(), manifest)) {
                homeless = homeless == null ? homeless(manifests, before) : homeless;
                old = read(manifest, old, homeless);
            }
            now.put(manifest.origin(), old);
        }
        return now;
    }

    @SuppressWarnings("ReferenceEquality") // the quick way, equal content comes after it
    private static boolean isSame(@Nullable Manifest a, Manifest b) {
        if (a == b) {
            return true;
        }
        return switch (b) {
            case Manifest.Text(String _, byte[] content) ->
                a instanceof Manifest.Text(String _, byte[] other) && Arrays.equals(content, other);
            case Manifest.Unreadable unreadable -> unreadable.equals(a);
        };
    }

    /** Pods of origins that are gone: a broken manifest of the same pod elsewhere keeps them. */
    private static Map<PodName, DesiredPod> homeless(List<Manifest> manifests, Map<String, Origin> before) {
        var there = manifests.stream().map(Manifest::origin).collect(Collectors.toSet());
        Map<PodName, DesiredPod> homeless = new HashMap<>();
        before.forEach((name, origin) -> {
            if (!there.contains(name)) {
                origin.pods().forEach(pod -> homeless.put(pod.name(), pod));
            }
        });
        return homeless;
    }

    private Origin read(Manifest manifest, @Nullable Origin before, Map<PodName, DesiredPod> homeless) {
        Origin old = before == null ? new Origin(manifest.origin(), null, List.of(), List.of()) : before;
        return switch (manifest) {
            case Manifest.Unreadable(String _, String reason) -> {
                Fault fault = new Fault(Tree.Place.UNKNOWN, "", "cannot be read: " + reason);
                yield new Next(manifest, old, homeless, new Reading(List.of(), fault)).origin();
            }
            case Manifest.Text(String _, byte[] content) ->
                new Next(manifest, old, homeless, read(manifest.origin(), content)).origin();
        };
    }

    /** A bug of the reader is trouble of this text alone. */
    private Reading read(String origin, byte[] content) {
        try {
            return reader.read(content, this::seen);
        } catch (RuntimeException | StackOverflowError e) {
            Trouble.bug(source, origin, e);
            return new Reading(List.of(), new Fault(Tree.Place.UNKNOWN, "", "cannot be read: " + e));
        } catch (OutOfMemoryError e) { // what was read so far is garbage now
            return new Reading(List.of(), new Fault(Tree.Place.UNKNOWN, "",
                    "cannot be read: it takes more memory than there is; give it more, or split it"));
        }
    }

    private Instant seen(PodName name, String edition) {
        DesiredPod old = inForce.apply(name);
        return old != null && Identity.edition(old).equals(edition) ? old.seen() : clock.instant();
    }

    /** One origin's way from what it said to what it says. */
    private final class Next {

        private final Manifest manifest;
        private final Origin old;
        private final Map<PodName, DesiredPod> homeless;
        private final Reading reading;
        private final Map<PodName, DesiredPod> oldPods;
        private final List<DesiredPod> pods = new ArrayList<>();
        private final List<Problem> problems = new ArrayList<>();

        Next(Manifest manifest, Origin old, Map<PodName, DesiredPod> homeless, Reading reading) {
            this.manifest = manifest;
            this.old = old;
            this.homeless = homeless;
            this.reading = reading;
            oldPods = old.pods().stream().collect(Collectors.toMap(DesiredPod::name, pod -> pod, (a, b) -> a));
        }

        Origin origin() {
            for (Reading.Document document : reading.documents()) {
                if (document.pod() != null) {
                    pods.add(fresh(document.pod()));
                }
            }
            for (Reading.Document document : reading.documents()) {
                PodName name = document.name();
                if (document.pod() == null && name != null) {
                    DesiredPod kept = oldPods.getOrDefault(name, homeless.get(name));
                    keep(document.faults(), name, kept == null || isThere(name) ? List.of() : List.of(kept));
                }
            }
            // a document without a name may be any pod of this origin that is missing now
            List<Fault> nameless = new ArrayList<>();
            reading.documents().stream().filter(d -> d.name() == null).forEach(d -> nameless.addAll(d.faults()));
            if (reading.broken() != null) {
                nameless.add(reading.broken());
            }
            if (!nameless.isEmpty()) {
                keep(nameless, null, old.pods().stream().filter(pod -> !isThere(pod.name())).toList());
            }
            return new Origin(manifest.origin(), manifest, List.copyOf(pods), List.copyOf(problems));
        }

        private boolean isThere(PodName name) {
            return pods.stream().anyMatch(pod -> pod.name().equals(name));
        }

        private DesiredPod fresh(Reading.ReadPod read) {
            DesiredPod now = new DesiredPod(read.pod(), read.json(), source, manifest.origin(), read.seen(), null, null,
                    List.of());
            DesiredPod before = oldPods.get(now.name());
            return before != null && now.equals(before) ? before : now;
        }

        private void keep(List<Fault> faults, @Nullable PodName name, Collection<DesiredPod> kept) {
            String consequence = consequence(kept.stream().map(pod -> pod.name().toString()).sorted().toList());
            List<Problem> found = faults.stream().map(fault -> problem(fault, consequence, name)).toList();
            problems.addAll(found);
            String why = manifest instanceof Manifest.Unreadable ? manifest.origin() + " cannot be read"
                    : manifest.origin() + " has errors";
            for (DesiredPod pod : kept) {
                pods.add(new DesiredPod(pod.pod(), pod.json(), source, manifest.origin(), pod.seen(), why, pod.unfit(), found));
            }
        }

        private Problem problem(Fault fault, String consequence, @Nullable PodName name) {
            Instant since = old.problems().stream()
                    .filter(p -> p.path().equals(fault.path()) && p.message().equals(fault.message())
                            && Objects.equals(p.pod(), name))
                    .map(Problem::since).findFirst().orElseGet(clock::instant);
            return new Problem(manifest.origin(), fault.place().line(), fault.place().column(), fault.path(),
                    fault.message(), consequence, name, since);
        }
    }

    private static String consequence(List<String> kept) {
        return switch (kept.size()) {
            case 0 -> "it is not run";
            case 1 -> "the running pod " + kept.getFirst() + " stays as it was";
            default -> "the running pods " + String.join(", ", kept) + " stay as they were";
        };
    }
}
