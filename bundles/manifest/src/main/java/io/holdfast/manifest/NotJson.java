package io.holdfast.manifest;

import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.core.JsonParseException;

import io.holdfast.manifest.Tree.Place;

/** The parser's complaints in the words of all other messages: what was expected, what was found. */
final class NotJson {

    private static final String VALUE = "a value";

    /** What the parser says, and what we say; the first counts. */
    private static final List<Map.Entry<String, String>> EXPECTED = List.of(
            Map.entry("a colon", "':'"),
            Map.entry("comma to separate Object", "',' or '}'"),
            Map.entry("marker for Object", "',' or '}'"),
            Map.entry("(for Object", "',' or '}'"),
            Map.entry("comma to separate Array", "',' or ']'"),
            Map.entry("marker for Array", "',' or ']'"),
            Map.entry("(for Array", "',' or ']'"),
            Map.entry("Object entries", "the rest of the object"),
            Map.entry("field name", "a key in double quotes"),
            Map.entry("has to be escaped", "the closing '\"' in the same line"),
            Map.entry("closing quote", "the closing '\"' in the same line"),
            Map.entry("hex-digit", "four hexadecimal digits"),
            Map.entry("character escape", "one of \" \\ / b f n r t u after '\\'"),
            Map.entry("comment", "no comment, which JSON does not have"));

    private NotJson() {
    }

    /** @param place of the complaint; of a number or word that is none it may be anywhere in it or behind it */
    static BadText because(JsonParseException e, String text, Place place) {
        int at = (int) Math.min(e.getLocation().getCharOffset(), text.length());
        String expected = expected(e.getOriginalMessage());
        int back = expected.equals(VALUE) ? at - startOfWord(text, at) : 0;
        String found = at == text.length() && back == 0 ? "the end"
                : "'" + Tree.brief(text.substring(at - back, at - back + 1)) + "'";
        return new BadText(new Place(place.line(), place.column() - back),
                "is not JSON (which is what starts with '{'): expected " + expected + ", found " + found);
    }

    private static String expected(String complaint) {
        return EXPECTED.stream().filter(entry -> complaint.contains(entry.getKey())).map(Map.Entry::getValue)
                .findFirst().orElse(VALUE);
    }

    private static int startOfWord(String text, int at) {
        int start = at;
        while (start > 0 && isWord(text.charAt(start - 1))) {
            start--;
        }
        return start;
    }

    private static boolean isWord(char c) {
        return Character.isLetterOrDigit(c) || c == '-' || c == '+' || c == '.';
    }
}
