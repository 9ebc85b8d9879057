package io.holdfast.manifest;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

import io.holdfast.config.Nearest;
import io.holdfast.manifest.Tree.Obj;

/** Which kinds of objects a manifest may hold. */
enum Kinds {

    Pod("v1"), ConfigMap("v1"), Secret("v1"), DaemonSet("apps/v1"), List("v1"), PodList("v1");

    private static final List<String> NAMES = Arrays.stream(values()).map(Kinds::name).toList();

    private final String apiVersion;

    Kinds(String apiVersion) {
        this.apiVersion = apiVersion;
    }

    /** The kind of a document; empty, and a fault more, when it is none that can be read. */
    static Optional<Kinds> of(Obj root, Faults faults) {
        String kind = root.text("kind");
        String apiVersion = root.text("apiVersion");
        if (kind == null || apiVersion == null) {
            for (String field : java.util.List.of("apiVersion", "kind")) {
                Tree value = root.get(field);
                if (!(value instanceof Tree.Text)) {
                    faults.add(field,
                            value == null ? "is required" : "expected a string, found " + Tree.describe(value));
                }
            }
            return Optional.empty();
        }
        Optional<Kinds> known = Arrays.stream(values()).filter(k -> k.name().equals(kind)).findFirst();
        if (known.isEmpty()) {
            faults.add("kind", "cannot run a " + Tree.brief(kind) + " (" + Tree.brief(apiVersion) + "); expected "
                    + NAMES.stream().limit(NAMES.size() - 1).collect(Collectors.joining(", ")) + " or "
                    + NAMES.getLast() + Nearest.hint(kind, NAMES));
            return known;
        }
        if (!apiVersion.equals(known.get().apiVersion)) {
            faults.add("apiVersion", "expected " + known.get().apiVersion + ", found '" + Tree.brief(apiVersion) + "'");
            return Optional.empty();
        }
        return known.filter(k -> isNoList(k, root, faults));
    }

    private static boolean isNoList(Kinds kind, Obj root, Faults faults) {
        if (kind == List || kind == PodList) { // their items are documents of their own
            Tree items = root.get("items");
            faults.add("items", items == null ? "is required"
                    : "expected a list ([] is an empty one), found " + Tree.describe(items));
            return false;
        }
        return true;
    }
}
