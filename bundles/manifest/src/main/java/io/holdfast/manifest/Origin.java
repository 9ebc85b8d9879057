package io.holdfast.manifest;

import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.holdfast.source.ConfigObject;
import io.holdfast.source.ConfigObject.Key;
import io.holdfast.source.DesiredPod;
import io.holdfast.source.Manifest;
import io.holdfast.source.Problem;

/**
 * What comes from one file or answer.
 *
 * @param manifest what it was read from, or null when its source was away since
 * @param pods those it speaks for, among them what was last good where it cannot be read any more
 * @param objects likewise
 * @param elsewhere what is in it for other nodes, and why
 */
record Origin(String name, @Nullable Manifest manifest, List<DesiredPod> pods, List<KeptObject> objects,
        List<Problem> problems, List<String> elsewhere) {

    Origin(String name, @Nullable Manifest manifest, List<DesiredPod> pods, List<KeptObject> objects, List<Problem> problems) {
        this(name, manifest, pods, objects, problems, List.of());
    }

    /**
     * A ConfigMap or a Secret.
     *
     * @param seen when it was first read as it is
     * @param held whether it is kept without its manifest saying so just now
     */
    record KeptObject(ConfigObject object, Instant seen, boolean held) {

        Key key() {
            return object.key();
        }

        KeptObject held(boolean now) {
            return held == now ? this : new KeptObject(object, seen, now);
        }

        /** The same, as if it came from elsewhere. */
        KeptObject from(String source, String origin) {
            return new KeptObject(new ConfigObject(object.key(), object.type(), object.data(), source, origin), seen, held);
        }
    }

    static Origin empty(String name) {
        return new Origin(name, null, List.of(), List.of(), List.of());
    }

    /** Both, of one name. */
    Origin and(Origin other) {
        return new Origin(name, null, Stream.concat(pods.stream(), other.pods.stream()).toList(),
                Stream.concat(objects.stream(), other.objects.stream()).toList(), problems);
    }

    boolean isEmpty() {
        return pods.isEmpty() && objects.isEmpty();
    }

    /** Will be read again even if the text is the same: that takes away what is said here. */
    Origin held(String why) {
        return new Origin(name, null, pods.stream().map(pod -> held(pod, why)).toList(),
                objects.stream().map(object -> object.held(true)).toList(), problems);
    }

    /** With its pods fit for a node or not. */
    Origin on(ThisNode node) {
        return new Origin(name, manifest, pods.stream().map(pod -> new DesiredPod(pod.pod(), pod.json(), pod.source(),
                pod.origin(), pod.seen(), pod.held(), node.unfit(pod.pod().spec()), pod.problems())).toList(), objects,
                problems);
    }

    static DesiredPod held(DesiredPod pod, @Nullable String why) {
        return new DesiredPod(pod.pod(), pod.json(), pod.source(), pod.origin(), pod.seen(), why, pod.unfit(),
                pod.problems());
    }
}
