package io.holdfast.manifest;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A manifest as JSON values that know where they stand. Objects and lists are mutable, so that defaults can be filled
 * in; a tree belongs to whoever had it read.
 */
sealed interface Tree {

    Place place();

    /** Both from 1; 0 when unknown. */
    record Place(int line, int column) {

        static final Place UNKNOWN = new Place(0, 0);
    }

    /** @param keys where each key stands */
    record Obj(Place place, Map<String, Tree> fields, Map<String, Place> keys) implements Tree {

        Obj(Place place) {
            this(place, new LinkedHashMap<>(), new HashMap<>());
        }

        @Nullable Tree get(String name) {
            return fields.get(name);
        }

        boolean has(String name) {
            return fields.containsKey(name);
        }

        @Nullable String text(String name) {
            return get(name) instanceof Text(Place _, String value) ? value : null;
        }

        /** The object of that name, or one of no effect. */
        Obj object(String name) {
            return get(name) instanceof Obj o ? o : new Obj(place);
        }

        /** The objects in the list of that name; what is no object is left out. */
        List<Obj> objects(String name) {
            List<Obj> found = new ArrayList<>();
            if (get(name) instanceof Arr(Place _, List<Tree> items)) {
                items.forEach(item -> {
                    if (item instanceof Obj o) {
                        found.add(o);
                    }
                });
            }
            return found;
        }

        Place placeOf(String name) {
            return keys.getOrDefault(name, place);
        }

        void put(String name, Tree value) {
            fields.put(name, value);
        }

        /** Stands where the value before it stood. */
        void put(String name, String value) {
            Tree before = get(name);
            put(name, new Text(before == null ? place : before.place(), value));
        }

        /** The API takes an empty text for none where it has a default. */
        void putIfAbsent(String name, String value) {
            if (!has(name) || "".equals(text(name))) {
                put(name, value);
            }
        }

        void putIfAbsent(String name, long value) {
            if (!has(name)) {
                put(name, new Num(place, Long.toString(value)));
            }
        }

        /** The object of that name, put there if it is absent; of no effect if something else has the name. */
        Obj objectOrNew(String name) {
            if (!has(name)) {
                put(name, new Obj(place));
            }
            return object(name);
        }

        void remove(String name) {
            fields.remove(name);
        }
    }

    record Arr(Place place, List<Tree> items) implements Tree {
    }

    record Text(Place place, String value) implements Tree {
    }

    /** @param json as JSON writes it */
    record Num(Place place, String json) implements Tree {
    }

    /** @param written such as {@code yes} */
    record Bool(Place place, boolean value, String written) implements Tree {
    }

    record Null(Place place) implements Tree {
    }

    /** For messages: {@code the string 'x'}. */
    static String describe(Tree tree) {
        return switch (tree) {
            case Obj _ -> "an object";
            case Arr _ -> "a list";
            case Text(_, String value) -> value.isEmpty() ? "an empty string" : "the string '" + brief(value) + "'";
            case Num(_, String json) -> "the number " + json;
            case Bool(_, boolean value, _) -> "the boolean " + value;
            case Null _ -> "nothing";
        };
    }

    /** As {@link #describe(Tree)}, for what is secret: not the value. */
    static String kind(Tree tree) {
        return switch (tree) {
            case Obj _ -> "an object";
            case Arr _ -> "a list";
            case Text _ -> "a string";
            case Num _ -> "a number";
            case Bool _ -> "a boolean";
            case Null _ -> "nothing";
        };
    }

    static String describe(Class<? extends Tree> type) {
        return type == Obj.class ? "an object"
                : type == Arr.class ? "a list" : type == Bool.class ? "a boolean" : type == Num.class ? "a number" : "a string";
    }

    /** User text in a message: one line, not too long. */
    static String brief(String text) {
        String line = text.replace('\n', ' ').replace('\r', ' ');
        return line.length() <= 60 ? line : line.substring(0, 57) + "...";
    }
}
