package io.holdfast.manifest;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.holdfast.pod.Affinity;
import io.holdfast.pod.Affinity.Operator;
import io.holdfast.pod.Affinity.Requirement;
import io.holdfast.pod.PodSpec;

/** The API's validation (behaviour I3) of what says on which nodes a pod may run. */
final class SelectionRules {

    private final Rules rules;

    private SelectionRules(Rules rules) {
        this.rules = rules;
    }

    static void check(PodSpec spec, Rules rules) {
        rules.optional("spec.nodeName", spec.nodeName(), Formats::subdomain);
        spec.nodeSelector().forEach((key, value) -> {
            rules.check("spec.nodeSelector[" + key + "]", Formats.key(key));
            rules.check("spec.nodeSelector[" + key + "]", Formats.labelValue(value));
        });
        Affinity.NodeAffinity affinity = spec.affinity() == null ? null : spec.affinity().nodeAffinity();
        if (affinity != null && affinity.requiredDuringSchedulingIgnoredDuringExecution() != null) {
            new SelectionRules(rules).terms(affinity.requiredDuringSchedulingIgnoredDuringExecution().nodeSelectorTerms());
        }
    }

    private void terms(List<Affinity.Term> terms) {
        String path = "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms";
        rules.must(!terms.isEmpty(), path, "must have at least one term");
        for (int t = 0; t < terms.size(); t++) {
            List<Requirement> expressions = terms.get(t).matchExpressions();
            for (int i = 0; i < expressions.size(); i++) {
                String at = path + "[" + t + "].matchExpressions[" + i + "]";
                rules.required(at + ".key", expressions.get(i).key(), Formats::key);
                rules.check(at + ".values", values(expressions.get(i)));
            }
            List<Requirement> fields = terms.get(t).matchFields();
            for (int i = 0; i < fields.size(); i++) {
                field(path + "[" + t + "].matchFields[" + i + "]", fields.get(i));
            }
        }
    }

    private static @Nullable String values(Requirement r) {
        return switch (r.operator()) {
            case In, NotIn -> r.values().isEmpty() ? "must not be empty with " + r.operator() : null;
            case Exists, DoesNotExist -> r.values().isEmpty() ? null : "must be left out with " + r.operator();
            case Gt, Lt -> r.values().size() == 1 && r.values().getFirst().matches("-?[0-9]{1,18}") ? null
                    : "must be one integer, in quotes, with " + r.operator();
        };
    }

    private void field(String at, Requirement r) {
        rules.must(r.key().equals(ThisNode.NAME), at + ".key",
                "expected " + ThisNode.NAME + ", found '" + Tree.brief(r.key()) + "'");
        rules.must(r.operator() == Operator.In || r.operator() == Operator.NotIn, at + ".operator",
                "expected In or NotIn, found " + r.operator());
        rules.must(r.values().size() == 1, at + ".values", "must be one name");
    }
}
