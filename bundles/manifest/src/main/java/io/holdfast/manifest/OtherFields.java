package io.holdfast.manifest;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import io.holdfast.config.Nearest;
import io.holdfast.manifest.Tree.Place;

/** The fields of an object that no record asks for: unknown, refused, not carried out yet, or without effect here. */
final class OtherFields {

    private OtherFields() {
    }

    static void check(Tree.Obj object, String path, Class<?> type, Set<String> asked, Faults faults) {
        Set<String> known = new TreeSet<>(asked);
        known.addAll(Support.fields(type));
        object.fields().forEach((name, value) -> {
            Place place = object.placeOf(name);
            String where = path.isEmpty() ? name : path + "." + name;
            switch (Support.rule(type, name)) {
                case null -> {
                    if (!asked.contains(name)) {
                        faults.add(place, where, "unknown field" + Nearest.hint(name, known));
                    }
                }
                case Support.Rule.Known _, Support.Rule.Dropped _ -> { }
                case Support.Rule.Accepted(Class<? extends Tree> shape) -> {
                    if (!shape.isInstance(value)) {
                        faults.add(value.place(), where,
                                "expected " + Tree.describe(shape) + ", found " + Tree.describe(value));
                    }
                }
                case Support.Rule.NotYet(Set<String> without) -> {
                    if (!asksNothing(value, without)) {
                        faults.notYet(place, where);
                    }
                }
                case Support.Rule.Refused(String why) -> faults.add(place, where, why);
            }
        });
    }

    private static boolean asksNothing(Tree value, Set<String> without) {
        return switch (value) {
            case Tree.Null _ -> true;
            case Tree.Obj o -> o.fields().isEmpty();
            case Tree.Arr(Place _, List<Tree> items) -> items.isEmpty();
            case Tree.Bool(Place _, boolean on, String _) -> without.isEmpty() ? !on : without.contains("" + on);
            case Tree.Text(Place _, String text) -> text.isEmpty() || without.contains(text);
            case Tree.Num _ -> false;
        };
    }
}
