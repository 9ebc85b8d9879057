package io.holdfast.shell;

import java.util.List;
import java.util.Map;

/** Text of {@code Key:   value} lines with indented parts, as {@code kubectl describe} writes it. */
final class Paragraph {

    private static final String NONE = "<none>";

    private final StringBuilder text;
    private final int indent;
    private final int width;

    /** @param width where values begin, counted from the indent */
    Paragraph(int width) {
        this(new StringBuilder(), 0, width);
    }

    private Paragraph(StringBuilder text, int indent, int width) {
        this.text = text;
        this.indent = indent;
        this.width = width;
    }

    /** One line; further lines of the value stand below its first. */
    Paragraph line(String key, String value) {
        String label = key + ":";
        String first = " ".repeat(indent) + label + " ".repeat(Math.max(1, width - label.length()));
        String further = "\n" + " ".repeat(indent + width);
        text.append((first + (value.isEmpty() ? NONE : value).replace("\n", further)).stripTrailing()).append('\n');
        return this;
    }

    Paragraph lines(String key, List<String> values) {
        return line(key, String.join("\n", values));
    }

    Paragraph map(String key, Map<String, String> values) {
        return lines(key, values.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList());
    }

    /** A part below this line, indented by two. */
    Paragraph part(String key, int partWidth) {
        text.append(" ".repeat(indent)).append(key).append(":\n");
        return new Paragraph(text, indent + 2, partWidth);
    }

    Paragraph table(Table table) {
        table.toString().lines().forEach(line -> text.append(" ".repeat(indent)).append(line).append('\n'));
        return this;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
