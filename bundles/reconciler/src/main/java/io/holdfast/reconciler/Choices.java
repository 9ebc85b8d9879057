package io.holdfast.reconciler;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

import io.holdfast.config.ConfigKeys;

/**
 * Which runtime pods are to run on, as configuration {@code io.holdfast.runtimes} says.
 *
 * @param byDefault for pods without a {@code runtimeClassName}: {@value #AUTO}, or a {@code runtime.name}
 * @param classes by {@code runtimeClassName}
 */
record Choices(String byDefault, Map<String, Target.To> classes) {

    static final String PID = "io.holdfast.runtimes";
    static final String AUTO = "auto";
    static final Choices NONE = new Choices(AUTO, Map.of());

    private static final String DEFAULT = "default";
    private static final String CLASS = "class.";

    Choices {
        classes = Map.copyOf(classes);
    }

    /**
     * Reads {@code default = RUNTIME}, {@code class.NAME = RUNTIME} and {@code class.NAME = RUNTIME/HANDLER}.
     *
     * @throws IllegalArgumentException a key or a value cannot be read
     */
    static Choices of(Map<String, ?> properties) {
        ConfigKeys.check(properties, Set.of(DEFAULT, CLASS + "*"));
        Map<String, Target.To> classes = new TreeMap<>();
        properties.forEach((key, value) -> {
            if (key.startsWith(CLASS)) {
                classes.put(key.substring(CLASS.length()), target(key, value));
            }
        });
        String byDefault = text(properties.get(DEFAULT));
        return new Choices(byDefault.isEmpty() ? AUTO : byDefault, classes);
    }

    private static Target.To target(String key, Object value) {
        String[] parts = text(value).split("/", -1);
        if (parts.length > 2 || parts[0].isBlank()) {
            throw new IllegalArgumentException(PID + ": " + key + " '" + value
                    + "': expected RUNTIME or RUNTIME/HANDLER, such as cri/runsc");
        }
        return new Target.To(parts[0].strip(), parts.length == 2 ? parts[1].strip() : "");
    }

    private static String text(@Nullable Object value) {
        return value == null ? "" : value.toString().strip();
    }
}
