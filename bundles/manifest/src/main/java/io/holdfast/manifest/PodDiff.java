package io.holdfast.manifest;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.holdfast.source.DesiredPod;

/** Which fields of a pod differ between two editions, defaults included. */
final class PodDiff {

    /** @param before as JSON, shortened, or {@value PodDiff#NONE}; likewise {@code after} */
    record Field(String path, String before, String after) {
    }

    static final String NONE = "none";
    private static final int LONGEST = 60;
    /** So much that is the same is shown before what differs in a long value. */
    private static final int CONTEXT = 15;
    /** Their keys are the user's own, with dots and slashes. */
    private static final Set<String> MAPS = Set.of("labels", "annotations", "limits", "requests", "nodeSelector");

    private final List<Field> found = new ArrayList<>();

    private PodDiff() {
    }

    static List<Field> between(DesiredPod before, DesiredPod after) {
        PodDiff diff = new PodDiff();
        diff.compare("", written(before), written(after));
        return List.copyOf(diff.found);
    }

    /** Without what the agent has put there to tell editions apart. */
    private static Tree written(DesiredPod pod) {
        List<Documents.Document> documents = new ArrayList<>();
        JsonReader.read(pod.json(), documents);
        Tree root = documents.getFirst().root();
        if (root instanceof Tree.Obj o) {
            Tree.Obj metadata = o.object("metadata");
            if (Identity.edition(pod).equals(metadata.text("uid"))) {
                metadata.remove("uid");
            }
            metadata.object("annotations").fields().keySet()
                    .removeAll(List.of(Identity.SOURCE, Identity.SEEN, Identity.HASH));
        }
        return root;
    }

    private void compare(String path, @Nullable Tree before, @Nullable Tree after) {
        if (before instanceof Tree.Obj a && after instanceof Tree.Obj b) {
            boolean map = MAPS.contains(path.substring(path.lastIndexOf('.') + 1));
            for (String key : union(a.fields(), b.fields())) {
                compare(map ? path + "[" + key + "]" : path.isEmpty() ? key : path + "." + key, a.get(key),
                        b.get(key));
            }
        } else if (before instanceof Tree.Arr a && after instanceof Tree.Arr b) {
            list(path, a.items(), b.items());
        } else {
            different(path, text(before), text(after));
        }
    }

    private void list(String path, List<Tree> before, List<Tree> after) {
        boolean named = isNamed(before) && isNamed(after);
        Map<String, Tree> a = byKey(before, named);
        Map<String, Tree> b = byKey(after, named);
        for (String key : union(a, b)) {
            compare(path + "[" + key + "]", a.get(key), b.get(key));
        }
        different(path, shared(a, b), shared(b, a));
    }

    /** Whether every item has a name of its own. */
    private static boolean isNamed(List<Tree> items) {
        Set<String> names = new HashSet<>();
        return items.stream().allMatch(i -> i instanceof Tree.Obj o && o.text("name") instanceof String name
                && names.add(name));
    }

    private static Map<String, Tree> byKey(List<Tree> items, boolean named) {
        Map<String, Tree> byKey = new LinkedHashMap<>();
        for (Tree item : items) {
            byKey.put(named && item instanceof Tree.Obj o ? String.valueOf(o.text("name"))
                    : Integer.toString(byKey.size()), item);
        }
        return byKey;
    }

    /** The keys that both have, in the order of the first. */
    private static String shared(Map<String, Tree> ordered, Map<String, Tree> other) {
        return ordered.keySet().stream().filter(other::containsKey).toList().toString();
    }

    private static Set<String> union(Map<String, Tree> a, Map<String, Tree> b) {
        Set<String> keys = new LinkedHashSet<>(a.keySet());
        keys.addAll(b.keySet());
        return keys;
    }

    private void different(String path, String before, String after) {
        if (!before.equals(after)) {
            int same = 0;
            while (same < Math.min(before.length(), after.length()) && before.charAt(same) == after.charAt(same)) {
                same++;
            }
            found.add(new Field(path, brief(before, same), brief(after, same)));
        }
    }

    private static String text(@Nullable Tree tree) {
        boolean none = tree == null || tree instanceof Tree.Obj o && o.fields().isEmpty()
                || tree instanceof Tree.Arr a && a.items().isEmpty();
        return tree == null || none ? NONE : Json.write(tree);
    }

    /** What stands around the first difference. */
    private static String brief(String text, int same) {
        if (text.length() <= LONGEST) {
            return text;
        }
        int from = Math.clamp(same - CONTEXT, 0, text.length() - LONGEST);
        int to = from + LONGEST;
        return (from > 0 ? "..." : "") + text.substring(from, to) + (to < text.length() ? "..." : "");
    }
}
