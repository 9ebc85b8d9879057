package io.holdfast.manifest;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/** What the small rule classes share: a fault at a path when a check says so. */
final class Rules {

    private final Faults faults;

    Rules(Faults faults) {
        this.faults = faults;
    }

    /** @param complaint what is wrong, or null */
    void check(String path, @Nullable String complaint) {
        if (complaint != null) {
            faults.add(path, complaint);
        }
    }

    void must(boolean condition, String path, String complaint) {
        if (!condition) {
            faults.add(path, complaint);
        }
    }

    /** A text that is there must not be empty and must be of that format. */
    void required(String path, String value, Function<String, @Nullable String> format) {
        check(path, value.isEmpty() ? "must not be empty" : format.apply(value));
    }

    void optional(String path, @Nullable String value, Function<String, @Nullable String> format) {
        if (value != null && !value.isEmpty()) {
            check(path, format.apply(value));
        }
    }

    void notNegative(String path, long value) {
        must(value >= 0, path, "must not be negative");
    }

    /** @param names of the fields that are alternatives, for the message */
    void one(String path, String names, @Nullable Object... values) {
        int there = count(values);
        must(there == 1, path, (there == 0 ? "must have one of " : "must have only one of ") + names);
    }

    static int count(@Nullable Object... values) {
        return (int) Stream.of(values).filter(Objects::nonNull).count();
    }

    void notYet(String path) {
        faults.notYet(faults.placeOf(path), path);
    }

    <T> void unique(String path, String field, List<T> items, Function<T, @Nullable String> key) {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < items.size(); i++) {
            String value = key.apply(items.get(i));
            if (value != null && !value.isEmpty() && !seen.add(value)) {
                faults.add(path + "[" + i + "]." + field,
                        "must be unique; '" + Tree.brief(value) + "' is there already");
            }
        }
    }
}
