package io.holdfast.manifest;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import io.holdfast.pod.PodName;
import io.holdfast.source.DesiredPod;
import io.holdfast.source.Manifest;

/**
 * Reads one source's manifests, only those that changed, and keeps what was last good of those that cannot be read
 * (decision "last-known-good, everywhere").
 */
final class OriginReader {

    private final String source;
    private final PodReader reader;
    private final Function<PodName, @Nullable DesiredPod> inForce;
    private final InstantSource clock;

    OriginReader(String source, ThisNode node, Function<PodName, @Nullable DesiredPod> inForce, InstantSource clock) {
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
        Origin homeless = null;
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

    /** What came from origins that are gone: a broken manifest of the same elsewhere keeps it. */
    private static Origin homeless(List<Manifest> manifests, Map<String, Origin> before) {
        var there = manifests.stream().map(Manifest::origin).collect(Collectors.toSet());
        List<Origin> gone = before.values().stream().filter(origin -> !there.contains(origin.name())).toList();
        return new Origin("", null, gone.stream().flatMap(origin -> origin.pods().stream()).toList(),
                gone.stream().flatMap(origin -> origin.objects().stream()).toList(), List.of());
    }

    private Origin read(Manifest manifest, @Nullable Origin before, Origin homeless) {
        Origin old = before == null ? Origin.empty(manifest.origin()) : before;
        Reading reading = switch (manifest) {
            case Manifest.Unreadable(String _, String reason) ->
                new Reading(List.of(), new Fault(Tree.Place.UNKNOWN, "", "cannot be read: " + reason));
            case Manifest.Text(String _, byte[] content) -> read(manifest.origin(), content);
        };
        return new NextOrigin(source, clock, manifest, old, homeless).of(reading);
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
}
