package io.holdfast.shell;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Words, as a shell on the other side has split them, to a line that Gogo splits into the same words. */
final class CommandLine {

    /** Nothing in it means anything to Gogo. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:@,+-]+");

    private CommandLine() {
    }

    /** One word alone is a line by itself: {@code holdfast 'pod:list | grep web'}. */
    static String of(List<String> words) {
        return words.size() == 1
                ? words.getFirst()
                : words.stream().map(CommandLine::quoted).collect(Collectors.joining(" "));
    }

    private static String quoted(String word) {
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
