package io.holdfast.itests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A manifest of the folder {@code manifests}, and what its comments say is to be seen of it. */
record Example(String file, String text, List<Expectation> expectations) {

    /** The examples name an image that everybody has; the tests have one of their own, without a registry. */
    private static final String EVERYBODYS_IMAGE = "busybox:1.37";
    private static final String DATA = "/var/lib/holdfast-examples";
    private static final String EXPECT = "# expect: ";
    private static final Pattern STATE = Pattern.compile("(?<pod>[a-z0-9-]+) is (?<state>\\w+)");
    private static final Pattern MESSAGE = Pattern.compile("(?<pod>[a-z0-9-]+) says => (?<text>.+)");
    private static final Pattern LOG = Pattern.compile("(?<pod>[a-z0-9-]+)/(?<container>[a-z0-9-]+) logs => (?<text>.+)");
    private static final Pattern COMMAND = Pattern
            .compile("(?<pod>[a-z0-9-]+)/(?<container>[a-z0-9-]+): (?<command>.+) => (?<text>.+)");

    /** Pods without the node's name. */
    sealed interface Expectation {

        /** @param state ready, succeeded, failed, or a reason such as CrashLoopBackOff */
        record State(String pod, String state) implements Expectation {
        }

        /** The termination message of its first container. */
        record Message(String pod, Pattern text) implements Expectation {
        }

        record Log(String pod, String container, Pattern text) implements Expectation {
        }

        record Prints(String pod, String container, String command, Pattern text) implements Expectation {
        }
    }

    /** @param data where the examples have what they keep on the node */
    static List<Example> all(Path folder, Path data) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(f -> f.toString().endsWith(".yaml")).sorted().map(f -> read(f, data)).toList();
        }
    }

    private static Example read(Path file, Path data) {
        try {
            String text = Files.readString(file);
            List<Expectation> expectations = text.lines().filter(line -> line.startsWith(EXPECT))
                    .map(line -> expectation(file, line.substring(EXPECT.length()))).toList();
            return new Example(String.valueOf(file.getFileName()),
                    text.replace(EVERYBODYS_IMAGE, Agent.IMAGE).replace(DATA, data.toString()), expectations);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Expectation expectation(Path file, String line) {
        Matcher m = STATE.matcher(line);
        if (m.matches()) {
            return new Expectation.State(m.group("pod"), m.group("state"));
        }
        if ((m = MESSAGE.matcher(line)).matches()) {
            return new Expectation.Message(m.group("pod"), text(m));
        }
        if ((m = LOG.matcher(line)).matches()) {
            return new Expectation.Log(m.group("pod"), m.group("container"), text(m));
        }
        if ((m = COMMAND.matcher(line)).matches()) {
            return new Expectation.Prints(m.group("pod"), m.group("container"), m.group("command"), text(m));
        }
        throw new IllegalArgumentException(file + ": cannot read '" + line + "'");
    }

    private static Pattern text(Matcher m) {
        return Pattern.compile(m.group("text"), Pattern.MULTILINE);
    }
}
