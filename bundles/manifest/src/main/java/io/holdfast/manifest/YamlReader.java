package io.holdfast.manifest;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.reader.StreamReader;

import io.holdfast.manifest.Documents.Document;
import io.holdfast.manifest.Tree.Place;
import io.holdfast.source.Manifest;

/** Builds trees from the parser's events: with places, without the classes and the cost of an object mapper. */
final class YamlReader {

    static final int DEEPEST = 100;
    /** What aliases may add to a text; a bomb makes thousands of millions. */
    static final int MOST_ALIASED = 100_000;

    /** The parser's time grows with the square of a line's length. */
    static final int LONGEST_LINE = 1 << 20;

    private final String text;
    private final ParserImpl parser;
    private final Map<String, Tree> anchors = new HashMap<>();
    private final Set<String> open = new HashSet<>();
    private final Deque<String> path = new ArrayDeque<>();
    private List<Fault> faults = new ArrayList<>();
    private int aliased;

    YamlReader(String text) {
        this.text = text;
        requireShortLines();
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(Manifest.Text.MAX_BYTES);
        parser = new ParserImpl(new StreamReader(text), options);
    }

    /** Adds what can be read to {@code documents}, empty ones left out. */
    void read(List<Document> documents) {
        try {
            for (Event e = parser.getEvent(); !e.is(Event.ID.StreamEnd); e = parser.getEvent()) {
                if (e.is(Event.ID.DocumentStart)) {
                    anchors.clear();
                    faults = new ArrayList<>();
                    Tree root = node(parser.getEvent(), 0);
                    if (!(root instanceof Tree.Null)) {
                        documents.add(new Document(root, "", faults));
                    }
                }
            }
        } catch (MarkedYAMLException e) {
            throw new BadText(place(e.getProblemMark()), message(e));
        } catch (ReaderException e) {
            throw new BadText(place(e.getPosition()),
                    "is not YAML: found the character U+%04X, which it does not allow".formatted(e.getCodePoint()));
        } catch (YAMLException e) {
            String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            throw new BadText(Place.UNKNOWN, "is not YAML: " + message);
        }
    }

    private void requireShortLines() {
        for (int start = 0, line = 1; start < text.length(); line++) {
            int end = text.indexOf('\n', start);
            end = end < 0 ? text.length() : end;
            if (end - start > LONGEST_LINE) {
                throw new BadText(new Place(line, 1), "has a line longer than 1 MiB");
            }
            start = end + 1;
        }
    }

    /** @param codePoints from the start */
    private Place place(int codePoints) {
        String before = text.substring(0, text.offsetByCodePoints(0, codePoints));
        int line = (int) before.chars().filter(c -> c == '\n').count() + 1;
        return new Place(line, before.length() - before.lastIndexOf('\n'));
    }

    private static String message(MarkedYAMLException e) {
        String where = e.getContext() == null ? "" : " " + e.getContext();
        return "is not YAML: " + String.valueOf(e.getProblem()).strip() + where;
    }

    private static Place place(@Nullable Mark mark) {
        return mark == null ? Place.UNKNOWN : new Place(mark.getLine() + 1, mark.getColumn() + 1);
    }

    private Tree node(Event event, int depth) {
        Place place = place(event.getStartMark());
        if (depth > DEEPEST) {
            throw new BadText(place, "is nested deeper than " + DEEPEST + " levels");
        }
        return switch (event) {
            case AliasEvent alias -> alias(alias.getAnchor(), place);
            case ScalarEvent scalar -> keep(scalar.getAnchor(), scalar(scalar, place));
            case SequenceStartEvent list -> {
                enter(list.getAnchor());
                yield keep(list.getAnchor(), list(place, depth));
            }
            case MappingStartEvent map -> {
                enter(map.getAnchor());
                yield keep(map.getAnchor(), map(place, depth));
            }
            case Event _ -> throw new BadText(place, "is not YAML: found " + event.getEventId());
        };
    }

    private void enter(@Nullable String anchor) {
        if (anchor != null) {
            open.add(anchor);
        }
    }

    private Tree keep(@Nullable String anchor, Tree tree) {
        if (anchor != null) {
            open.remove(anchor);
            anchors.put(anchor, tree);
        }
        return tree;
    }

    private Tree alias(String anchor, Place place) {
        if (open.contains(anchor)) {
            throw new BadText(place, "anchor '" + anchor + "' contains itself");
        }
        Tree tree = anchors.get(anchor);
        if (tree == null) {
            throw new BadText(place, "no anchor of this name before this");
        }
        return copy(tree, place);
    }

    private Tree copy(Tree tree, Place place) {
        if (++aliased > MOST_ALIASED) {
            throw new BadText(place, "aliases make this more than " + MOST_ALIASED + " values larger");
        }
        return switch (tree) {
            case Tree.Obj o -> {
                Tree.Obj copy = new Tree.Obj(o.place());
                o.fields().forEach((key, value) -> copy.put(key, copy(value, place)));
                copy.keys().putAll(o.keys());
                yield copy;
            }
            case Tree.Arr(Place at, List<Tree> items) -> {
                List<Tree> copy = new ArrayList<>();
                items.forEach(item -> copy.add(copy(item, place)));
                yield new Tree.Arr(at, copy);
            }
            case Tree.Text _, Tree.Num _, Tree.Bool _, Tree.Null _ -> tree;
        };
    }

    private Tree list(Place place, int depth) {
        List<Tree> items = new ArrayList<>();
        for (Event e = parser.getEvent(); !e.is(Event.ID.SequenceEnd); e = parser.getEvent()) {
            path.addLast("[" + items.size() + "]");
            items.add(node(e, depth + 1));
            path.removeLast();
        }
        return new Tree.Arr(place, items);
    }

    private Tree map(Place place, int depth) {
        Tree.Obj map = new Tree.Obj(place);
        Set<String> merged = new HashSet<>();
        for (Event e = parser.getEvent(); !e.is(Event.ID.MappingEnd); e = parser.getEvent()) {
            Place at = place(e.getStartMark());
            if (isMerge(e)) {
                merge(map, node(parser.getEvent(), depth + 1), merged, at);
                continue;
            }
            String key = key(node(e, depth + 1), at);
            path.addLast((path.isEmpty() ? "" : ".") + key);
            Tree value = node(parser.getEvent(), depth + 1);
            if (map.has(key) && !merged.remove(key)) {
                String message = "is given twice, first in line " + map.placeOf(key).line();
                faults.add(new Fault(at, String.join("", path), message));
            }
            map.put(key, value);
            map.keys().put(key, at);
            path.removeLast();
        }
        return map;
    }

    private static boolean isMerge(Event event) {
        return event instanceof ScalarEvent scalar && scalar.isPlain() && scalar.getValue().equals("<<")
                && scalar.getTag() == null;
    }

    private static String key(Tree key, Place place) {
        return switch (key) {
            case Tree.Text(_, String value) -> value;
            case Tree.Num(_, String json) -> json;
            case Tree.Bool(_, boolean value, _) -> Boolean.toString(value);
            case Tree.Obj _, Tree.Arr _, Tree.Null _ ->
                throw new BadText(place, "expected a string as the key, found " + Tree.describe(key));
        };
    }

    /** As Go's reader merges: over what stands before it, under what stands after it; of several the first counts. */
    private void merge(Tree.Obj into, Tree from, Set<String> merged, Place place) {
        switch (from) {
            case Tree.Obj o -> o.fields().forEach((key, value) -> {
                into.put(key, value);
                into.keys().put(key, o.placeOf(key));
                merged.add(key);
            });
            case Tree.Arr(_, List<Tree> items) when items.stream().allMatch(Tree.Obj.class::isInstance) ->
                items.reversed().forEach(item -> merge(into, item, merged, place));
            case Tree.Arr _, Tree.Text _, Tree.Num _, Tree.Bool _, Tree.Null _ ->
                throw new BadText(place, "'<<' expects an object or a list of objects, found " + Tree.kind(from));
        }
    }

    private static Tree scalar(ScalarEvent event, Place place) {
        String tag = event.getTag() == null ? (event.isPlain() ? "" : "!") : event.getTag();
        return Tags.resolve(tag, event.isPlain(), event.getValue(), place);
    }
}
