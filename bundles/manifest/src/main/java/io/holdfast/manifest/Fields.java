package io.holdfast.manifest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import io.holdfast.config.Nearest;
import io.holdfast.manifest.Tree.Place;
import io.holdfast.pod.IntOrString;
import io.holdfast.pod.Quantity;

/**
 * One object of a manifest on its way into a record: hands out typed values and reports what has another type. The
 * fields that were asked for are the known ones, so that {@link #end} finds those that nobody knows.
 * <p>
 * Tests types with {@code instanceof} where a switch would read as well: each pattern switch costs a fresh JVM a class.
 */
final class Fields {

    private final Tree.Obj object;
    private final String path;
    private final Class<?> type;
    private final Faults faults;
    private final Set<String> asked = new TreeSet<>();

    Fields(Tree.Obj object, String path, Class<?> type, Faults faults) {
        this.object = object;
        this.path = path;
        this.type = type;
        this.faults = faults;
    }

    /** @throws IllegalArgumentException from {@code convert}: what was expected */
    private <T> @Nullable T read(String name, String expected, Function<Tree, @Nullable T> convert) {
        asked.add(name);
        Tree value = object.get(name);
        return value == null ? null : convert(value, path(name), expected, convert);
    }

    private <T> @Nullable T convert(Tree value, String where, String expected, Function<Tree, @Nullable T> convert) {
        try {
            T converted = convert.apply(value);
            if (converted == null) {
                faults.add(value.place(), where, "expected " + expected + ", found " + Tree.describe(value));
            }
            return converted;
        } catch (IllegalArgumentException e) {
            faults.add(value.place(), where, String.valueOf(e.getMessage()));
            return null;
        }
    }

    @Nullable String text(String name) {
        return read(name, "a string", Values::toText);
    }

    void require(String name) {
        if (!object.has(name)) {
            faults.add(object.place(), path(name), "is required");
        }
    }

    /** A field that is known and has no effect. */
    void ignore(String name) {
        asked.add(name);
    }

    /** What {@code binder} makes of nothing, to go on with after a fault. */
    <T> T without(Function<Fields, T> binder) {
        Tree.Obj nothing = new Tree.Obj(object.place());
        return binder.apply(new Fields(nothing, "", type, new Faults(nothing, "")));
    }

    /** A field that must be there. */
    String needed(String name) {
        require(name);
        String text = text(name);
        return text == null ? "" : text;
    }

    boolean flag(String name) {
        return Boolean.TRUE.equals(flagOrNull(name));
    }

    @Nullable Boolean flagOrNull(String name) {
        return read(name, "a boolean (true or false)", tree -> {
            if (tree instanceof Tree.Text(Place _, String word) && (word.equals("true") || word.equals("false"))) {
                throw new IllegalArgumentException(
                        "expected a boolean, found the string '" + word + "'; write it without quotes");
            }
            return tree instanceof Tree.Bool(Place _, boolean value, String _) ? value : null;
        });
    }

    @Nullable Long wholeOrNull(String name) {
        return read(name, "an integer", Values::toLong);
    }

    long whole(String name) {
        Long value = wholeOrNull(name);
        return value == null ? 0 : value;
    }

    @Nullable Integer numberOrNull(String name) {
        return read(name, "an integer", tree -> {
            Long value = Values.toLong(tree);
            if (value != null && value != value.intValue()) {
                throw new IllegalArgumentException("expected an integer of 32 bits, found the number " + value);
            }
            return value == null ? null : value.intValue();
        });
    }

    int number(String name) {
        Integer value = numberOrNull(name);
        return value == null ? 0 : value;
    }

    int neededNumber(String name) {
        require(name);
        return number(name);
    }

    /** The word, or the first one when it is absent or wrong; the empty word is the constant {@code Unset}. */
    <E extends Enum<E>> E word(String name, E[] words) {
        E word = wordOrNull(name, words);
        return word == null ? words[0] : word;
    }

    <E extends Enum<E>> @Nullable E wordOrNull(String name, E[] words) {
        return read(name, "a string", tree -> {
            if (!(tree instanceof Tree.Text(Place _, String text))) {
                return null;
            }
            for (E word : words) {
                if (word.name().equals(text.isEmpty() ? "Unset" : text)) {
                    return word;
                }
            }
            List<String> known = Arrays.stream(words).map(Enum::name).filter(n -> !n.equals("Unset")).toList();
            throw new IllegalArgumentException("expected one of " + String.join(", ", known) + ", found "
                    + Tree.describe(tree) + Nearest.hint(text, known));
        });
    }

    @Nullable Quantity quantity(String name) {
        return read(name, "a quantity such as 250m, 1.5 or 64Mi", Values::toQuantity);
    }

    @Nullable IntOrString port(String name) {
        return read(name, "a port number or name", tree -> {
            if (tree instanceof Tree.Text(Place _, String port)) {
                return new IntOrString.Name(port);
            }
            Long value = Values.toLong(tree);
            if (value != null && value != value.intValue()) {
                throw new IllegalArgumentException("must be between 1 and 65535, found " + value);
            }
            return value == null ? null : new IntOrString.Number(value.intValue());
        });
    }

    List<String> texts(String name) {
        return list(name, "a list of strings", (tree, where) -> convert(tree, where, "a string", Values::toText));
    }

    List<Long> wholes(String name) {
        return list(name, "a list of integers", (tree, where) -> convert(tree, where, "an integer", Values::toLong));
    }

    Map<String, String> textMap(String name) {
        return map(name, "a string", Values::toText);
    }

    Map<String, Quantity> quantityMap(String name) {
        return map(name, "a quantity such as 250m, 1.5 or 64Mi", Values::toQuantity);
    }

    <T> @Nullable T object(String name, Class<T> record, Function<Fields, T> binder) {
        asked.add(name);
        Tree value = object.get(name);
        return value == null ? null : bind(value, path(name), record, binder);
    }

    <T> List<T> objects(String name, Class<T> record, Function<Fields, T> binder) {
        return list(name, "a list", (tree, where) -> bind(tree, where, record, binder));
    }

    private <T> @Nullable T bind(Tree value, String where, Class<T> record, Function<Fields, T> binder) {
        if (!(value instanceof Tree.Obj o)) {
            faults.add(value.place(), where, "expected an object, found " + Tree.describe(value));
            return null;
        }
        Fields fields = new Fields(o, where, record, faults);
        T bound = binder.apply(fields);
        fields.end();
        return bound;
    }

    private <T> List<T> list(String name, String expected, BiFunction<Tree, String, @Nullable T> convert) {
        asked.add(name);
        List<T> converted = new ArrayList<>();
        Tree value = object.get(name);
        if (value instanceof Tree.Arr(Place _, List<Tree> items)) {
            for (int i = 0; i < items.size(); i++) {
                T item = convert.apply(items.get(i), path(name) + "[" + i + "]");
                if (item != null) {
                    converted.add(item);
                }
            }
        } else if (value != null) {
            faults.add(value.place(), path(name), "expected " + expected + ", found " + Tree.describe(value));
        }
        return converted;
    }

    private <T> Map<String, T> map(String name, String expected, Function<Tree, @Nullable T> convert) {
        asked.add(name);
        Map<String, T> converted = new LinkedHashMap<>();
        Tree value = object.get(name);
        if (value instanceof Tree.Obj o) {
            o.fields().forEach((key, entry) -> {
                T item = convert(entry, path(name) + "[" + key + "]", expected, convert);
                if (item != null) {
                    converted.put(key, item);
                }
            });
        } else if (value != null) {
            faults.add(value.place(), path(name), "expected an object, found " + Tree.describe(value));
        }
        return converted;
    }

    /** To be called when all known fields have been asked for. */
    void end() {
        OtherFields.check(object, path, type, asked, faults);
    }

    private String path(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
