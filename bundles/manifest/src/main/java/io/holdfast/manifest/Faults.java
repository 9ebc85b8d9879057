package io.holdfast.manifest;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import io.holdfast.manifest.Tree.Place;

/** Collects what is wrong with one document; says nothing more about a field that is wrong already. */
final class Faults {

    /** More helps nobody, and a hostile manifest may have millions. */
    static final int MOST = 20;

    private final Tree.Obj root;
    private final String prefix;
    private final List<Fault> found = new ArrayList<>();

    /** @param prefix what stands before every path, such as {@code items[3].} */
    Faults(Tree.Obj root, String prefix) {
        this.root = root;
        this.prefix = prefix;
    }

    void add(Place place, String path, String message) {
        String full = prefix + path;
        if (found.size() < MOST && found.stream().noneMatch(f -> covers(f.path(), full) || isSource(f, place, full))) {
            found.add(new Fault(place, full, message));
        }
    }

    /** At what stands at the path now, or the nearest thing around it. */
    void add(String path, String message) {
        add(placeOf(path), path, message);
    }

    void notYet(Place place, String path) {
        String message = "not supported yet: " + prefix;
        String written = path.replace(".resources.requests[", ".resources.limits[");
        if (found.size() < MOST && !found.contains(new Fault(place, "", message + written))) {
            found.add(new Fault(place, "", message + path));
        }
    }

    void addAll(List<Fault> faults) {
        faults.stream().limit(MOST).forEach(found::add);
    }

    boolean any() {
        return !found.isEmpty();
    }

    /** In the order of the text. */
    List<Fault> list() {
        return found.stream().sorted(Comparator.comparingInt((Fault f) -> f.place().line())
                .thenComparingInt(f -> f.place().column())).limit(MOST).toList();
    }

    /** A request that is a copy of a limit stands where the limit stands; what is wrong with both is said once. */
    private static boolean isSource(Fault fault, Place place, String path) {
        return fault.place().equals(place) && !fault.path().equals(path)
                && fault.path().equals(path.replace(".resources.requests[", ".resources.limits["));
    }

    private static boolean covers(String wrong, String path) {
        return !wrong.isEmpty() && path.startsWith(wrong)
                && (path.length() == wrong.length() || path.charAt(wrong.length()) == '.'
                        || path.charAt(wrong.length()) == '[');
    }

    Place placeOf(String path) {
        Tree at = root;
        int from = 0;
        while (from < path.length()) {
            int end = end(path, from);
            String step = path.substring(from, end);
            boolean bracket = step.startsWith("[");
            Tree next = switch (at) {
                case Tree.Obj o -> o.get(bracket ? step.substring(1) : step);
                case Tree.Arr(Place _, List<Tree> items) when bracket && isIndex(step.substring(1), items) ->
                    items.get(Integer.parseInt(step.substring(1)));
                case Tree.Arr _, Tree.Text _, Tree.Num _, Tree.Bool _, Tree.Null _ -> null;
            };
            if (next == null) {
                break;
            }
            at = next;
            from = end < path.length() && path.charAt(end) != '[' ? end + 1 : end;
            if (from < path.length() && path.charAt(from) == '.') {
                from++;
            }
        }
        return at.place();
    }

    /** Steps are {@code name} or, without its closing bracket, {@code [index-or-key}. */
    private static int end(String path, int from) {
        if (path.charAt(from) == '[') {
            return path.indexOf(']', from);
        }
        int dot = path.indexOf('.', from);
        int bracket = path.indexOf('[', from);
        int end = dot < 0 ? bracket : bracket < 0 ? dot : Math.min(dot, bracket);
        return end < 0 ? path.length() : end;
    }

    private static boolean isIndex(String step, List<Tree> items) {
        return !step.isEmpty() && step.length() < 10 && step.chars().allMatch(c -> c >= '0' && c <= '9')
                && Integer.parseInt(step) < items.size();
    }
}
