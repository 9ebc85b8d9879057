package io.holdfast.manifest;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.holdfast.pod.Affinity;
import io.holdfast.pod.Affinity.Requirement;
import io.holdfast.pod.PodSpec;

/** The node as pods select it, and which of them do: by name, by labels, by affinity, as the scheduler reads them. */
record ThisNode(String name, Map<String, String> labels, List<Taint> taints) {

    /** The only field that {@code matchFields} knows. */
    static final String NAME = "metadata.name";

    /** A node with the labels that every node has. */
    static ThisNode named(String name) {
        return new ThisNode(name, NodeConfig.labels(name, new String[0]), List.of());
    }

    /** Why a pod is not to run here: what it asks for, and what the node has instead; null if it is. */
    @Nullable String unfit(PodSpec spec) {
        String wanted = spec.nodeName();
        if (wanted != null && !wanted.isEmpty() && !wanted.equals(name)) {
            return "nodeName asks for node " + wanted + ", and this is " + name;
        }
        Map<String, String> missing = new TreeMap<>(spec.nodeSelector());
        missing.entrySet().removeIf(label -> label.getValue().equals(labels.get(label.getKey())));
        if (!missing.isEmpty()) {
            return "nodeSelector asks for " + missing.entrySet().stream().map(l -> l.getKey() + "=" + l.getValue())
                    .collect(Collectors.joining(", ")) + ", and node " + name + " has " + has(missing.keySet().stream());
        }
        Affinity.NodeAffinity affinity = spec.affinity() == null ? null : spec.affinity().nodeAffinity();
        Affinity.NodeSelector required = affinity == null ? null
                : affinity.requiredDuringSchedulingIgnoredDuringExecution();
        return required == null || required.nodeSelectorTerms().stream().anyMatch(this::matches) ? null
                : unfit(required.nodeSelectorTerms());
    }

    private String unfit(List<Affinity.Term> terms) {
        String asked = terms.stream().map(ThisNode::text).collect(Collectors.joining(" or "));
        Stream<String> keys = terms.stream().flatMap(t -> t.matchExpressions().stream()).map(Requirement::key).distinct()
                .sorted();
        String has = has(keys);
        return "nodeAffinity asks for " + asked + (has.isEmpty() ? ", and this is node " + name
                : ", and node " + name + " has " + has);
    }

    private static String text(Affinity.Term term) {
        String all = Stream.concat(term.matchFields().stream(), term.matchExpressions().stream()).map(ThisNode::text)
                .collect(Collectors.joining(" and "));
        return all.isEmpty() ? "no node" : all;
    }

    private static String text(Requirement r) {
        return r.key() + " " + r.operator() + (r.values().isEmpty() ? "" : " [" + String.join(", ", r.values()) + "]");
    }

    private String has(Stream<String> keys) {
        return keys.map(key -> labels.containsKey(key) ? key + "=" + labels.get(key) : "no label " + key)
                .collect(Collectors.joining(", "));
    }

    /** One that asks for nothing matches nothing. */
    private boolean matches(Affinity.Term term) {
        return !(term.matchExpressions().isEmpty() && term.matchFields().isEmpty())
                && term.matchExpressions().stream().allMatch(r -> matches(r, labels.get(r.key())))
                && term.matchFields().stream().allMatch(r -> matches(r, r.key().equals(NAME) ? name : null));
    }

    static boolean matches(Requirement r, @Nullable String value) {
        return switch (r.operator()) {
            case In -> value != null && r.values().contains(value);
            case NotIn -> value == null || !r.values().contains(value);
            case Exists -> value != null;
            case DoesNotExist -> value == null;
            case Gt -> compare(r, value) > 0;
            case Lt -> compare(r, value) < 0;
        };
    }

    /** 0 when the label is not there or no number. */
    private static int compare(Requirement r, @Nullable String value) {
        try {
            return Long.compare(Long.parseLong(Objects.requireNonNullElse(value, "")),
                    Long.parseLong(r.values().getFirst()));
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
