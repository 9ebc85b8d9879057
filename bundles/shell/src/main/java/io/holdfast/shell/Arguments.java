package io.holdfast.shell;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/** Checks what Gogo leaves over of a command's arguments once it has taken the options that the command declares. */
record Arguments(String command, String usage) {

    /** The one argument that must be there. */
    String one(String what, String... rest) {
        none(rest.length > 1 ? rest[1] : null, rest);
        if (rest.length == 0) {
            throw new CommandFailed(command, "which " + what + "? usage: " + usage);
        }
        return rest[0];
    }

    /** The two arguments that must be there. */
    Two two(String what, String... rest) {
        List<String> both = between(2, 2, what, rest);
        return new Two(both.getFirst(), both.getLast());
    }

    /** The arguments, of which there must be so many. */
    List<String> between(int least, int most, String what, String... rest) {
        none(rest.length > most ? rest[most] : null, rest);
        if (rest.length < least) {
            throw new CommandFailed(command, "which " + what + "? usage: " + usage);
        }
        return List.of(rest);
    }

    boolean truth(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new CommandFailed(command, "expected true or false, found '" + word + "'; usage: " + usage);
        };
    }

    record Two(String first, String second) {
    }

    /** The arguments, of which there must be one at least. */
    List<String> some(String what, String... rest) {
        none(null, List.of(rest).stream().filter(r -> !r.equals("-")).toArray(String[]::new));
        if (rest.length == 0) {
            throw new CommandFailed(command, "which " + what + "? usage: " + usage);
        }
        return List.of(rest);
    }

    void none(String... rest) {
        none(rest.length > 0 ? rest[0] : null, rest);
    }

    /** @return whether JSON is wanted */
    boolean json(String output) {
        return switch (output) {
            case "json" -> true;
            case "", "wide" -> false;
            default -> throw new CommandFailed(command, "no output format '" + output + "'; there are json and wide");
        };
    }

    long number(String option, String value) {
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException _) {
            throw new CommandFailed(command, option + " needs a number, not '" + value + "'");
        }
    }

    /** @param value such as {@code 30s}, {@code 10m} or {@code 2h} */
    Duration age(String option, String value) {
        try {
            return Duration.parse("PT" + value);
        } catch (DateTimeParseException _) {
            throw new CommandFailed(command, option + " needs an age such as 30s, 10m or 2h, not '" + value + "'");
        }
    }

    private void none(@Nullable String surplus, String... rest) {
        List.of(rest).stream().filter(r -> r.startsWith("-")).findFirst().ifPresent(option -> {
            throw new CommandFailed(command, "no option '" + option + "'; usage: " + usage);
        });
        if (surplus != null) {
            throw new CommandFailed(command, "'" + surplus + "' is one argument too many; usage: " + usage);
        }
    }
}
