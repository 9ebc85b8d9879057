package io.holdfast.manifest;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.holdfast.manifest.Tree.Obj;
import io.holdfast.manifest.Tree.Place;
import io.holdfast.pod.Pod;
import io.holdfast.pod.PodName;
import io.holdfast.source.DesiredPod;

/**
 * Names a pod after its node, and its edition after its content (behaviours I1, I5, S2). The edition is the UID, too,
 * unless the manifest gives one: then an edit keeps the UID, and annotation {@value #HASH} tells the editions apart.
 */
final class Identity {

    static final String SOURCE = "kubernetes.io/config.source";
    static final String SEEN = "kubernetes.io/config.seen";
    static final String HASH = "kubernetes.io/config.hash";
    static final String MIRROR = "kubernetes.io/config.mirror";

    private Identity() {
    }

    /** The name on this node, when the manifest says enough to know it. */
    static @Nullable PodName name(Obj pod, String node) {
        Obj metadata = pod.object("metadata");
        String name = metadata.text("name");
        if (name == null || name.isEmpty()) {
            return null;
        }
        String namespace = metadata.text("namespace");
        return new PodName(namespace == null || namespace.isEmpty() ? "default" : namespace, name + "-" + node);
    }

    /** Leaves what a user could have written: exports contain more, and null is the same as nothing. */
    static void normalise(Obj object, Class<?> type) {
        Obj metadata = object.object("metadata");
        drop(object, type);
        drop(metadata, Pod.ObjectMeta.class);
        for (String map : List.of("labels", "annotations")) {
            metadata.object(map).fields().replaceAll((key, value) -> value instanceof Tree.Null(Place at)
                    ? new Tree.Text(at, "")
                    : value);
        }
        metadata.object("annotations").fields().keySet().removeAll(List.of(SOURCE, SEEN, HASH, MIRROR));
        dropNulls(object);
    }

    private static void drop(Obj object, Class<?> type) {
        object.fields().keySet().removeIf(field -> Support.rule(type, field) instanceof Support.Rule.Dropped);
    }

    private static void dropNulls(Tree tree) {
        switch (tree) {
            case Obj o -> {
                o.fields().values().removeIf(Tree.Null.class::isInstance);
                o.fields().values().forEach(Identity::dropNulls);
            }
            case Tree.Arr(Place _, List<Tree> items) -> items.forEach(Identity::dropNulls);
            case Tree.Text _, Tree.Num _, Tree.Bool _, Tree.Null _ -> { }
        }
    }

    /** The edition of a normalised tree without defaults. */
    static String edition(Obj pod, PodName name, String node) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            String content = Json.canonical(pod) + "\n" + node + "\n" + name;
            return HexFormat.of().formatHex(digest.digest(content.getBytes(StandardCharsets.UTF_8)), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** The edition of a pod that was annotated. */
    static String edition(DesiredPod pod) {
        return pod.pod().metadata().annotations().getOrDefault(HASH, pod.uid());
    }

    static void give(Obj pod, PodName name, String edition, String node) {
        Obj metadata = pod.objectOrNew("metadata");
        String uid = metadata.text("uid");
        set(metadata, "name", name.name());
        set(metadata, "namespace", name.namespace());
        set(metadata, "uid", uid == null || uid.isEmpty() ? edition : uid);
        Obj spec = pod.object("spec");
        if (!spec.has("nodeName") || "".equals(spec.text("nodeName"))) { // another's is for another node
            spec.put("nodeName", node);
        }
        tolerateEviction(spec);
    }

    /** Leaves a value of another type, so that it is still found to be wrong. */
    private static void set(Obj object, String name, String value) {
        if (!object.has(name) || object.get(name) instanceof Tree.Text) {
            object.put(name, value);
        }
    }

    static void annotate(Obj pod, String edition, String sourceName, Instant seen) {
        Obj annotations = pod.object("metadata").objectOrNew("annotations");
        int kind = sourceName.indexOf('~');
        annotations.put(HASH, edition);
        annotations.put(SEEN, rfc3339(seen));
        annotations.put(SOURCE, kind < 0 ? sourceName : sourceName.substring(0, kind));
    }

    /** With all nine digits; by hand, because the first use of a formatter costs a fresh JVM tens of milliseconds. */
    static String rfc3339(Instant time) {
        OffsetDateTime t = time.atOffset(ZoneOffset.UTC);
        StringBuilder out = new StringBuilder(30);
        pad(out, t.getYear(), 4).append('-');
        pad(out, t.getMonthValue(), 2).append('-');
        pad(out, t.getDayOfMonth(), 2).append('T');
        pad(out, t.getHour(), 2).append(':');
        pad(out, t.getMinute(), 2).append(':');
        pad(out, t.getSecond(), 2).append('.');
        return pad(out, t.getNano(), 9).append('Z').toString();
    }

    private static StringBuilder pad(StringBuilder out, int number, int width) {
        String digits = Integer.toString(number);
        return out.repeat('0', Math.max(0, width - digits.length())).append(digits);
    }

    /** Static pods stay on a node that is being drained of others. */
    private static void tolerateEviction(Obj spec) {
        if (!spec.has("tolerations")) {
            spec.put("tolerations", new Tree.Arr(spec.place(), new ArrayList<>()));
        }
        if (spec.get("tolerations") instanceof Tree.Arr(Place place, List<Tree> items)
                && spec.objects("tolerations").stream().noneMatch(Identity::toleratesEviction)) {
            Obj toleration = new Obj(place);
            toleration.put("operator", "Exists");
            toleration.put("effect", "NoExecute");
            items.add(toleration);
        }
    }

    private static boolean toleratesEviction(Obj toleration) {
        return "Exists".equals(toleration.text("operator")) && "NoExecute".equals(toleration.text("effect"))
                && toleration.fields().size() == 2;
    }
}
