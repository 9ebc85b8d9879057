package io.holdfast.reconciler;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.holdfast.pod.Container;
import io.holdfast.pod.EnvFromSource;
import io.holdfast.pod.EnvVar;
import io.holdfast.pod.EnvVar.EnvVarSource;
import io.holdfast.runtime.ContainerSpec.Env;
import io.holdfast.source.ConfigObject;
import io.holdfast.source.ConfigObject.Kind;
import io.holdfast.source.ConfigObject.Value;

/** Environment variables and what refers to them, as Kubernetes documents the {@code $(VAR)} syntax. */
final class Environment {

    private static final Pattern REFERENCE = Pattern.compile("\\$(?:\\$|\\(([^)]*)\\))");

    private final Map<String, String> values = new LinkedHashMap<>();

    /** @throws Unresolved an object or a key is not there, and not optional */
    Environment(Container container, PodFields fields, ConfigObjects objects) throws IOException {
        for (EnvFromSource from : container.envFrom()) {
            if (from.configMapRef() != null) {
                objects.find(Kind.ConfigMap, from.configMapRef().name(), from.configMapRef().optional())
                        .ifPresent(object -> all(from, object));
            }
            if (from.secretRef() != null) {
                objects.find(Kind.Secret, from.secretRef().name(), from.secretRef().optional())
                        .ifPresent(object -> all(from, object));
            }
        }
        for (EnvVar variable : container.env()) {
            // a variable may refer to those before it; one that is set again keeps its place
            value(variable, container, fields, objects).ifPresent(value -> values.put(variable.name(), value));
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

    /** Where nothing may stay as it is, as in {@code subPathExpr}. */
    String expandAll(String text) throws Unresolved {
        Optional<String> missing = REFERENCE.matcher(text).results().map(m -> m.group(1))
                .filter(name -> name != null && !values.containsKey(name)).findFirst();
        if (missing.isPresent()) {
            throw new Unresolved("missing value for \"" + missing.get() + "\"");
        }
        return expand(text);
    }

    private void all(EnvFromSource from, ConfigObject object) {
        String prefix = from.prefix() == null ? "" : from.prefix();
        new TreeMap<>(object.data()).forEach((key, value) -> {
            if (!value.isBinary()) { // any key with any prefix that was let in is a good name
                values.put(prefix + key, value.text());
            }
        });
    }

    /** @return empty: it is optional, and not there */
    private Optional<String> value(EnvVar variable, Container container, PodFields fields, ConfigObjects objects)
            throws IOException {
        EnvVarSource from = variable.valueFrom();
        if (from == null) {
            return Optional.of(expand(variable.value() == null ? "" : variable.value()));
        }
        if (from.configMapKeyRef() != null) {
            return objects.find(Kind.ConfigMap, from.configMapKeyRef()).map(Value::text);
        }
        if (from.secretKeyRef() != null) {
            return objects.find(Kind.Secret, from.secretKeyRef()).map(Value::text);
        }
        return Optional.of(from.resourceFieldRef() != null ? fields.resource(from.resourceFieldRef(), container)
                : from.fieldRef() != null ? fields.field(from.fieldRef().fieldPath()) : "");
    }
}
