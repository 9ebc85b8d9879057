package io.holdfast.reconciler;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.holdfast.pod.Container;
import io.holdfast.pod.EnvVar;
import io.holdfast.pod.Node;
import io.holdfast.pod.Pod;
import io.holdfast.runtime.ContainerSpec.Env;

/** Environment variables and what refers to them, as Kubernetes documents the {@code $(VAR)} syntax. */
final class Environment {

    private static final Pattern REFERENCE = Pattern.compile("\\$(?:\\$|\\(([^)]*)\\))");
    private static final Pattern SUBSCRIPT = Pattern.compile("metadata\\.(labels|annotations)\\['([^']*)'\\]");

    private final Map<String, String> values = new LinkedHashMap<>();

    /** @param ips of the pod, the first one is the pod's IP; may be empty */
    Environment(Container container, Pod pod, Node node, List<String> ips) {
        for (EnvVar variable : container.env()) {
            EnvVar.FieldRef field = variable.valueFrom() == null ? null : variable.valueFrom().fieldRef();
            String value = variable.value() == null ? "" : variable.value();
            // a variable may refer to those before it; one that is set again keeps its place
            values.put(variable.name(), field == null ? expand(value) : field(field.fieldPath(), pod, node, ips));
        }
    }

    List<Env> list() {
        List<Env> list = new ArrayList<>();
        values.forEach((name, value) -> list.add(new Env(name, value)));
        return list;
    }

    List<String> expand(List<String> words) {
        return words.stream().map(this::expand).toList();
    }

    /** {@code $(VAR)} is its value, or stays when there is none; {@code $$} is {@code $}. */
    private String expand(String text) {
        return REFERENCE.matcher(text).replaceAll(m -> Matcher.quoteReplacement(m.group(1) == null ? "$"
                : values.getOrDefault(m.group(1), m.group())));
    }

    private static String field(String path, Pod pod, Node node, List<String> ips) {
        Matcher subscript = SUBSCRIPT.matcher(path);
        if (subscript.matches()) {
            Map<String, String> map = subscript.group(1).equals("labels") ? pod.metadata().labels()
                    : pod.metadata().annotations();
            return map.getOrDefault(subscript.group(2), "");
        }
        return switch (path) {
            case "metadata.name" -> pod.metadata().name();
            case "metadata.namespace" -> pod.metadata().namespace();
            case "metadata.uid" -> pod.metadata().uid() == null ? "" : pod.metadata().uid();
            case "spec.nodeName" -> node.name();
            case "spec.serviceAccountName" -> pod.spec().serviceAccountName() == null ? ""
                    : pod.spec().serviceAccountName();
            case "status.hostIP", "status.hostIPs" -> node.ip();
            case "status.podIP" -> ips.isEmpty() ? "" : ips.getFirst();
            case "status.podIPs" -> String.join(",", ips);
            default -> throw new IllegalArgumentException("no field " + path); // the reader lets no other through
        };
    }
}
