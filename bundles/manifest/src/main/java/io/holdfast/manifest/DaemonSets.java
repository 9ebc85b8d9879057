package io.holdfast.manifest;

import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import io.holdfast.manifest.Tree.Obj;
import io.holdfast.pod.Affinity;
import io.holdfast.pod.Pod;

/** What a DaemonSet is here: one pod of its template, called as the DaemonSet and the node are. */
final class DaemonSets {

    /** What stands before the paths in the pod. */
    static final String TEMPLATE = "spec.template.";

    /** What of a DaemonSet means something here. */
    record DaemonSet(Pod.@Nullable ObjectMeta metadata, @Nullable Spec spec) {
    }

    record Spec(@Nullable Selector selector) {
    }

    /** Its fields are read as a pod's. */
    record Template() {
    }

    record Selector(Map<String, String> matchLabels, List<Affinity.Requirement> matchExpressions) {
    }

    private DaemonSets() {
    }

    /** The pod's tree, when nothing is wrong outside of it; what is, is added to the faults. */
    static @Nullable Obj pod(Obj root, Faults faults) {
        Identity.normalise(root, DaemonSet.class);
        root.objectOrNew("metadata").putIfAbsent("namespace", "default");
        Fields fields = new Fields(root, "", DaemonSet.class, faults);
        Pod.ObjectMeta metadata = fields.object("metadata", Pod.ObjectMeta.class, PodBinder::metadata);
        fields.require("spec");
        Spec spec = fields.object("spec", Spec.class, DaemonSets::spec);
        fields.end();
        if (metadata != null) {
            PodRules.metadata(metadata, new Rules(faults));
        }
        if (faults.any() || metadata == null || spec == null || !(root.object("spec").get("template") instanceof Obj pod)) {
            return null;
        }
        select(Objects.requireNonNull(spec.selector()), pod.object("metadata").object("labels"), faults);
        always(pod.object("spec"), faults);
        name(pod, metadata);
        return pod;
    }

    private static Spec spec(Fields f) {
        f.require("template");
        f.object("template", Template.class, template -> {
            template.require("spec");
            template.ignore("metadata");
            template.ignore("spec");
            return new Template();
        });
        f.require("selector");
        return new Spec(f.object("selector", Selector.class,
                s -> new Selector(s.textMap("matchLabels"), PodBinder.requirements(s, "matchExpressions"))));
    }

    private static void select(Selector selector, Obj labels, Faults faults) {
        if (selector.matchLabels().isEmpty() && selector.matchExpressions().isEmpty()) {
            faults.add("spec.selector", "must not be empty; write the template's labels as matchLabels");
        }
        selector.matchLabels().forEach((key, value) -> {
            if (!value.equals(labels.text(key))) {
                faults.add("spec.selector.matchLabels[" + key + "]", "must match the labels of the template; found '"
                        + Tree.brief(value) + "', the template has " + (labels.text(key) == null ? "no such label"
                                : "'" + Tree.brief(String.valueOf(labels.text(key))) + "'"));
            }
        });
        for (int i = 0; i < selector.matchExpressions().size(); i++) {
            Affinity.Requirement r = selector.matchExpressions().get(i);
            if (!ThisNode.matches(r, labels.text(r.key()))) {
                faults.add("spec.selector.matchExpressions[" + i + "]", "must match the labels of the template");
            }
        }
    }

    /** What the API server asks of the pods of a DaemonSet. */
    private static void always(Obj spec, Faults faults) {
        String restart = spec.text("restartPolicy");
        if (restart != null && !restart.equals("Always")) {
            faults.add(TEMPLATE + "spec.restartPolicy",
                    "must be Always in a DaemonSet, found '" + Tree.brief(restart) + "'");
        }
        if (spec.has("activeDeadlineSeconds")) {
            faults.add(TEMPLATE + "spec.activeDeadlineSeconds", "pods of a DaemonSet have no deadline; leave it out");
        }
    }

    private static void name(Obj pod, Pod.ObjectMeta daemonSet) {
        Obj metadata = pod.objectOrNew("metadata");
        metadata.put("name", daemonSet.name());
        metadata.put("namespace", daemonSet.namespace());
        metadata.remove("uid");
        pod.put("apiVersion", "v1");
        pod.put("kind", "Pod");
    }
}
