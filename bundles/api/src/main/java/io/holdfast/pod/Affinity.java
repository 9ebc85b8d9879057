package io.holdfast.pod;

import java.util.List;

import org.jspecify.annotations.Nullable;

/** What of {@code spec.affinity} says whether a pod may run on this node; preferences and pod affinity mean nothing. */
public record Affinity(@Nullable NodeAffinity nodeAffinity) {

    public record NodeAffinity(@Nullable NodeSelector requiredDuringSchedulingIgnoredDuringExecution) {
    }

    /** Terms are alternatives. */
    public record NodeSelector(List<Term> nodeSelectorTerms) {

        public NodeSelector {
            nodeSelectorTerms = Lists.of(nodeSelectorTerms);
        }
    }

    /** All requirements must hold. */
    public record Term(List<Requirement> matchExpressions, List<Requirement> matchFields) {

        public Term {
            matchExpressions = Lists.of(matchExpressions);
            matchFields = Lists.of(matchFields);
        }
    }

    public record Requirement(String key, Operator operator, List<String> values) {

        public Requirement {
            values = Lists.of(values);
        }
    }

    /** Spelled as in the manifest. */
    public enum Operator {
        In, NotIn, Exists, DoesNotExist, Gt, Lt
    }
}
