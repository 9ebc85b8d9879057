package io.holdfast.manifest;

import java.util.List;

import io.holdfast.config.Nearest;
import io.holdfast.manifest.Tree.Obj;
import io.holdfast.manifest.Tree.Place;

/** What a manifest can ask of a node of its own. */
final class NodeRules {

    private NodeRules() {
    }

    static void check(Obj pod, Faults faults) {
        Obj spec = pod.object("spec");
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
        if (spec.object("os").text("name") == null) {
            stopSignals(spec, "containers", faults);
            stopSignals(spec, "initContainers", faults);
        }
    }

    private static void stopSignals(Obj spec, String list, Faults faults) {
        if (spec.get(list) instanceof Tree.Arr(Place _, List<Tree> items)) {
            for (int i = 0; i < items.size(); i++) {
                if (items.get(i) instanceof Obj container && container.object("lifecycle").text("stopSignal") != null) {
                    faults.add("spec." + list + "[" + i + "].lifecycle.stopSignal",
                            "needs spec.os.name: signals are not the same everywhere; write os: {name: linux}");
                }
            }
        }
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
