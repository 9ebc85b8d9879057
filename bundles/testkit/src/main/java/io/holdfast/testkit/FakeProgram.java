package io.holdfast.testkit;

import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import io.holdfast.runtime.ContainerSpec;

/**
 * What the fake understands of a container's command.
 *
 * @param missing there is no such program
 * @param says what it writes to its log, or null
 * @param ends the exit code with which it ends at once, if it does
 * @param onTerm the exit code with which it answers SIGTERM, if it does
 */
record FakeProgram(boolean missing, @Nullable String says, OptionalInt ends, OptionalInt onTerm) {

    private static final Pattern ECHO = Pattern.compile("echo ([\\w -]+)");
    private static final Pattern EXIT = Pattern.compile("(?:^|[ ;&])exit (\\d+)$");
    private static final Pattern TRAP = Pattern.compile("trap '(?:exit (\\d+))?' TERM");
    private static final int TERMINATED = 143;

    static FakeProgram of(ContainerSpec spec) {
        String line = (String.join(" ", spec.command()) + " " + String.join(" ", spec.args())).strip();
        Matcher echo = ECHO.matcher(line);
        Matcher exit = EXIT.matcher(line);
        return new FakeProgram(line.startsWith("/no/such/"), echo.find() ? echo.group(1).strip() : null,
                exit.find() ? OptionalInt.of(Integer.parseInt(exit.group(1))) : OptionalInt.empty(), onTerm(line));
    }

    private static OptionalInt onTerm(String line) {
        Matcher trap = TRAP.matcher(line);
        if (!trap.find()) {
            return OptionalInt.of(TERMINATED);
        }
        String code = trap.group(1);
        return code == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(code));
    }
}
