package io.holdfast.manifest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;

import io.holdfast.manifest.Documents.Document;
import io.holdfast.manifest.Tree.Place;

/** Builds trees from strict JSON. YAML's reader will not do: it refuses {@code "\/"} and tabs, both good JSON. */
final class JsonReader {

    static final int LONGEST_NUMBER = 1000;

    private static final String SEPARATOR = "\n---";

    private final String part;
    private final Place start;
    private final JsonParser in;
    private List<Fault> faults = new ArrayList<>();

    private JsonReader(String part, Place start, JsonParser in) {
        this.part = part;
        this.start = start;
        this.in = in;
    }

    /** Adds one document for each value; values may be separated by lines of {@code ---}, as in YAML. */
    static void read(String text, List<Document> documents) {
        Place place = new Place(1, 1);
        int from = 0;
        // no string of JSON can hold a line end, so that every such line separates
        for (int to = text.indexOf(SEPARATOR); to >= 0; to = text.indexOf(SEPARATOR, from)) {
            String part = text.substring(from, to);
            readPart(part, place, documents);
            int lines = (int) part.chars().filter(c -> c == '\n').count();
            place = new Place(place.line() + lines + 1, SEPARATOR.length());
            from = to + SEPARATOR.length();
        }
        readPart(text.substring(from), place, documents);
    }

    private static void readPart(String part, Place start, List<Document> documents) {
        try (JsonParser in = Json.FACTORY.createParser(part)) {
            new JsonReader(part, start, in).read(documents);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read(List<Document> documents) throws IOException {
        try {
            while (in.nextToken() != null) {
                faults = new ArrayList<>();
                documents.add(new Document(value(0), "", faults));
            }
        } catch (JsonParseException e) {
            throw NotJson.because(e, part, place(e.getLocation()));
        } catch (StreamConstraintsException e) {
            // of its limits only this one can be met: depth is counted here, the rest is no smaller than a text
            throw new BadText(place(in.currentLocation()), "has a number of more than " + LONGEST_NUMBER + " digits");
        }
    }

    private Tree value(int depth) throws IOException {
        Place place = place(in.currentTokenLocation());
        if (depth > YamlReader.DEEPEST) {
            throw new BadText(place, "is nested deeper than " + YamlReader.DEEPEST + " levels");
        }
        return switch (in.currentToken()) {
            case START_OBJECT -> object(place, depth);
            case START_ARRAY -> list(place, depth);
            case VALUE_STRING -> new Tree.Text(place, in.getText());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> Scalars.requireNumber(in.getText(), place);
            case VALUE_TRUE, VALUE_FALSE -> new Tree.Bool(place, in.getBooleanValue(), in.getText());
            case VALUE_NULL -> new Tree.Null(place);
            case END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
                throw new IllegalStateException("no JSON value begins with " + in.currentToken());
        };
    }

    private Tree object(Place place, int depth) throws IOException {
        Tree.Obj object = new Tree.Obj(place);
        while (in.nextToken() != JsonToken.END_OBJECT) {
            String key = in.currentName();
            Place at = place(in.currentTokenLocation());
            if (object.has(key)) {
                String message = "is given twice, first in line " + object.placeOf(key).line();
                faults.add(new Fault(at, path(in.getParsingContext()), message));
            }
            in.nextToken();
            object.put(key, value(depth + 1));
            object.keys().put(key, at);
        }
        return object;
    }

    private Tree list(Place place, int depth) throws IOException {
        List<Tree> items = new ArrayList<>();
        while (in.nextToken() != JsonToken.END_ARRAY) {
            items.add(value(depth + 1));
        }
        return new Tree.Arr(place, items);
    }

    private static String path(JsonStreamContext at) {
        if (at.inRoot()) {
            return "";
        }
        String parent = path(at.getParent());
        return at.inArray() ? parent + "[" + at.getCurrentIndex() + "]"
                : parent.isEmpty() ? at.getCurrentName() : parent + "." + at.getCurrentName();
    }

    private Place place(JsonLocation location) {
        int column = location.getColumnNr() + (location.getLineNr() == 1 ? start.column() - 1 : 0);
        return new Place(location.getLineNr() + start.line() - 1, column);
    }
}
