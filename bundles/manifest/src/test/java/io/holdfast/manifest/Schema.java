package io.holdfast.manifest;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.holdfast.manifest.Tree.Place;
import io.holdfast.pod.Container;
import io.holdfast.pod.EnvVar;
import io.holdfast.pod.IntOrString;
import io.holdfast.pod.Pod;
import io.holdfast.pod.Quantity;

/**
 * The fields of a Pod that the reader knows, found where it finds them: a record has those that are carried out, as its
 * components, and {@link Support} the others.
 *
 * @param paths of each record's objects, such as {@code spec.containers[].env[]}; the record that comes first in a Pod first
 */
record Schema(Map<Class<?>, List<String>> paths) {

    private static final Set<Class<?>> VALUES = Set.of(Quantity.class, IntOrString.class);

    static Schema ofPod() {
        Schema schema = new Schema(new LinkedHashMap<>());
        schema.add(Pod.class, "");
        return schema;
    }

    /** In the order of the text, as a person writes it, and below the path where it is met first. */
    private void add(Class<?> type, String path) {
        List<String> known = paths.computeIfAbsent(type, _ -> new ArrayList<>());
        known.add(path);
        if (known.size() > 1) {
            return;
        }
        for (RecordComponent field : type.getRecordComponents()) {
            Class<?> child = child(field.getGenericType());
            if (child != null && !isRefused(type, field.getName())) {
                add(child, (path.isEmpty() ? "" : path + ".") + field.getName() + (field.getType() == List.class ? "[]" : ""));
            }
        }
    }

    static boolean isRefused(Class<?> type, String field) {
        Support.Rule rule = Support.rule(type, field);
        return rule instanceof Support.Rule.NotYet || rule instanceof Support.Rule.Refused;
    }

    Set<Class<?>> types() {
        return paths.keySet();
    }

    /** Also those that are refused. */
    static Set<String> fields(Class<?> type) {
        Set<String> fields = new TreeSet<>(Support.fields(type));
        Stream.of(type.getRecordComponents()).map(RecordComponent::getName).forEach(fields::add);
        return fields;
    }

    /** Calls back for every field that a pod has. */
    void walk(Tree pod, Sink sink) {
        walk(pod, Pod.class, sink);
    }

    interface Sink {
        void field(Class<?> type, String name);
    }

    private void walk(Tree tree, Class<?> type, Sink sink) {
        if (tree instanceof Tree.Arr(Place _, List<Tree> items)) {
            items.forEach(item -> walk(item, type, sink));
        } else if (tree instanceof Tree.Obj object) {
            object.fields().forEach((name, value) -> {
                sink.field(type, name);
                Stream.of(type.getRecordComponents()).filter(c -> c.getName().equals(name)).findFirst()
                        .map(c -> child(c.getGenericType())).ifPresent(child -> walk(value, child, sink));
            });
        }
    }

    /** The record of an object, or of the objects in a list; of a resource list, as of all maps, there is none. */
    private static @Nullable Class<?> child(Type type) {
        return switch (type) {
            case ParameterizedType list when list.getRawType() == List.class -> child(list.getActualTypeArguments()[0]);
            case Class<?> c when c.isRecord() && !VALUES.contains(c) -> c;
            default -> null;
        };
    }

    /** A field's name in {@code conformance.properties}. */
    static String key(Class<?> type, String field) {
        String outer = type == EnvVar.class || type == Container.class || type.getEnclosingClass() == null ? ""
                : type.getEnclosingClass().getSimpleName() + ".";
        return outer + type.getSimpleName() + "." + field;
    }
}
