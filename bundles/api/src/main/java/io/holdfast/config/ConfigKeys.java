package io.holdfast.config;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Refuses configuration that nobody reads. */
public final class ConfigKeys {

    /** Put there by Config Admin, Declarative Services and File Install. */
    private static final List<String> NOT_OURS = List.of("service.", "component.", "felix.", "osgi.", ".");

    private ConfigKeys() {
    }

    /**
     * To be called by a component's constructor with its properties.
     *
     * @param type the component's configuration annotation; {@code a_b} there is the key {@code a.b}
     * @param more keys that the component's own annotation sets
     * @throws IllegalArgumentException {@code io.holdfast.source.http~fleet: cannot read 'perod'; did you mean 'period'?}
     */
    public static void check(Map<String, ?> properties, Class<? extends Annotation> type, String... more) {
        Set<String> known = new TreeSet<>(Set.of(more));
        for (Method key : type.getDeclaredMethods()) {
            known.add(key.getName().replace("__", "\u0000").replace('_', '.').replace('\u0000', '_'));
        }
        check(properties, known);
    }

    /**
     * As above, for a component that reads its properties itself.
     *
     * @param known its keys; {@code class.*} stands for all that begin with {@code class.} and go on
     */
    public static void check(Map<String, ?> properties, Set<String> known) {
        for (String key : properties.keySet()) {
            if (known.stream().noneMatch(k -> matches(key, k)) && NOT_OURS.stream().noneMatch(key::startsWith)) {
                throw new IllegalArgumentException(properties.get("service.pid") + ": cannot read '" + key + "'"
                        + (Nearest.to(key, known).isPresent() ? Nearest.hint(key, known)
                                : "; known are " + new TreeSet<>(known)));
            }
        }
    }

    private static boolean matches(String key, String known) {
        return known.endsWith("*")
                ? key.length() >= known.length() && key.startsWith(known.substring(0, known.length() - 1))
                : key.equals(known);
    }
}
