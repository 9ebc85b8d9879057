package io.holdfast.reconciler;

/** Go's way to quote a string, which is how Kubernetes writes labels and annotations into files. */
final class GoQuote {

    private GoQuote() {
    }

    static String of(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.codePoints().forEach(c -> quoted.append(escaped(c)));
        return quoted.append('"').toString();
    }

    private static String escaped(int c) {
        return switch (c) {
            case '"' -> "\\\"";
            case '\\' -> "\\\\";
            case 7 -> "\\a";
            case '\b' -> "\\b";
            case '\f' -> "\\f";
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            case 11 -> "\\v";
            default -> isPrintable(c) ? Character.toString(c) : String.format(c < 0x80 ? "\\x%02x" : c < 0x10000 ? "\\u%04x"
                    : "\\U%08x", c);
        };
    }

    /** Letters, marks, numbers, punctuation, symbols; of the blanks only the common one. */
    private static boolean isPrintable(int c) {
        return c == ' ' || switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE, Character.UNASSIGNED,
                    Character.SPACE_SEPARATOR, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
