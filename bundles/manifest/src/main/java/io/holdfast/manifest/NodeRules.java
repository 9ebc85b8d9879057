package io.holdfast.manifest;

import java.util.List;

import io.holdfast.config.Nearest;
import io.holdfast.manifest.Tree.Obj;
import io.holdfast.manifest.Tree.Place;

/** What a manifest can ask of a node of its own: which kinds, which node, which account. */
final class NodeRules {

    private static final List<String> KINDS = List.of("Pod", "List", "PodList");
    /** Objects that pods of a manifest may need, which are not carried out yet. */
    private static final List<String> LATER = List.of("v1/ConfigMap", "v1/Secret", "apps/v1/DaemonSet");

    private NodeRules() {
    }

    /** Whether it is a Pod; adds a fault when not. */
    static boolean isPod(Obj root, Faults faults) {
        String kind = root.text("kind");
        String apiVersion = root.text("apiVersion");
        if (kind == null || apiVersion == null) {
            for (String field : List.of("apiVersion", "kind")) {
                Tree value = root.get(field);
                if (!(value instanceof Tree.Text)) {
                    faults.add(field,
                            value == null ? "is required" : "expected a string, found " + Tree.describe(value));
                }
            }
            return false;
        }
        if (LATER.contains(apiVersion + "/" + kind)) {
            faults.add(root.placeOf("kind"), "", "not supported yet: kind " + kind);
            return false;
        }
        if (!KINDS.contains(kind)) {
            faults.add("kind", "cannot run a " + Tree.brief(kind) + " (" + Tree.brief(apiVersion)
                    + "); expected Pod, List or PodList" + Nearest.hint(kind, KINDS));
            return false;
        }
        if (!apiVersion.equals("v1")) {
            faults.add("apiVersion", "expected v1, found '" + Tree.brief(apiVersion) + "'");
            return false;
        }
        if (!kind.equals("Pod")) {
            Tree items = root.get("items");
            faults.add("items", items == null ? "is required"
                    : "expected a list ([] is an empty one), found " + Tree.describe(items));
            return false;
        }
        return true;
    }

    /** To be called before the pod is given to the node. */
    static void check(Obj pod, String node, Faults faults) {
        Obj spec = pod.object("spec");
        Tree nodeName = spec.get("nodeName");
        if (nodeName != null
                && !(nodeName instanceof Tree.Text(Place _, String name) && (name.equals(node) || name.isEmpty()))) {
            faults.add("spec.nodeName",
                    "expected '" + node + "', the name of this node, found " + Tree.describe(nodeName));
        }
        for (String field : List.of("serviceAccountName", "serviceAccount")) {
            Tree account = spec.get(field);
            if (account != null && !(account instanceof Tree.Text(Place _, String name)
                    && (name.isEmpty() || name.equals("default")))) {
                faults.add("spec." + field,
                        "service accounts live in an API server, and a static pod has none; leave it out");
            }
        }
        switch (spec.get("automountServiceAccountToken")) {
            case null -> { }
            case Tree.Bool(Place _, boolean on, String _) when !on -> { }
            case Tree.Bool _ -> faults.add("spec.automountServiceAccountToken",
                    "tokens come from an API server, and a static pod has none; leave it out");
            case Tree other -> faults.add("spec.automountServiceAccountToken",
                    "expected a boolean (true or false), found " + Tree.describe(other));
        }
        os(spec, faults);
    }

    private static void os(Obj spec, Faults faults) {
        switch (spec.get("os")) {
            case null -> { }
            case Obj os -> {
                os.fields().forEach((field, value) -> {
                    if (!field.equals("name")) {
                        faults.add(os.placeOf(field), "spec.os." + field,
                                "unknown field" + Nearest.hint(field, List.of("name")));
                    }
                });
                if (!"linux".equals(os.text("name"))) {
                    faults.add("spec.os.name", "must be linux; nothing else runs here");
                }
            }
            case Tree other -> faults.add("spec.os", "expected an object, found " + Tree.describe(other));
        }
    }
}
