package io.holdfast.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

import io.holdfast.config.Nearest;
import io.holdfast.source.ManifestCheck;
import io.holdfast.source.ManifestCheck.Options;
import io.holdfast.source.ManifestCheck.Report;

/**
 * {@code holdfast validate}, without an agent and without OSGi: {@code java -cp … io.holdfast.manifest.Validate
 * CONFIG-FOLDER [OPTION…] FILE…}.
 *
 * @param config where the node's configuration is
 * @param directory what relative names are relative to
 */
record Validate(Path config, Path directory, InputStream in, PrintStream out, PrintStream err) {

    private static final int WRONG = 2;
    private static final String USAGE = "usage: holdfast validate [--home DIR] [--diff] [--node NAME] [-o json] FILE...";
    private static final String HELP = """


            Checks manifests as the agent would, without one.

              FILE          a file, a directory (its *.yaml, *.yml and *.json), or - for standard input
              --node NAME   check for this node; without it for the one that DIR/config or the host name names
              --diff        say what would change on this node: which pods are new, unchanged, replaced, kept or
                            removed when each file takes the place of the one of its name, and standard input that
                            of the pods in it
              -o json       for programs

            Exit code: 0 all good, 1 problems found, 2 wrong usage or something could not be read.
            """;
    private static final List<String> OPTIONS = List.of("--diff", "--node", "-o", "--output", "--help", "--home");

    static void main(String[] args) {
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, UTF_8);
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, UTF_8);
        int code = new Validate(Path.of(args[0]), Path.of(""), System.in, out, err)
                .run(Arrays.asList(args).subList(1, args.length));
        out.flush();
        System.exit(code);
    }

    int run(List<String> words) {
        Words asked;
        try {
            asked = Words.of(words);
        } catch (IllegalArgumentException e) {
            err.println("holdfast validate: " + e.getMessage() + "\n" + USAGE);
            return WRONG;
        }
        if (asked.help()) {
            out.print(USAGE + HELP);
            return ManifestCheck.GOOD;
        }
        return check(asked);
    }

    private int check(Words asked) {
        try {
            NodeFile node = NodeFile.read(config);
            LastGood lastGood = new LastGood(node.stateDirectory().resolve(NodeConfig.LAST_GOOD));
            Check check = new Check(node.thisNode(), () -> Rehearsal.inForce(lastGood.look(), Clock.systemUTC()),
                    Optional.of(in), Long.MAX_VALUE);
            Report report = check.check(asked.files(), new Options(directory, asked.node(), asked.diff(), asked.json()));
            out.print(report.text());
            return report.code();
        } catch (IllegalArgumentException | IOException | UncheckedIOException e) {
            err.println("holdfast validate: " + e.getMessage());
            return WRONG;
        } catch (OutOfMemoryError e) { // must not pass for a problem of the manifests
            err.println("holdfast validate: too much for the memory it has; check fewer or smaller files at once");
            return WRONG;
        }
    }

    private record Words(List<String> files, String node, boolean diff, boolean json, boolean help) {

        static Words of(List<String> words) {
            List<String> files = new ArrayList<>();
            String node = "";
            boolean diff = false;
            boolean json = false;
            boolean help = false;
            Iterator<String> rest = words.iterator();
            while (rest.hasNext()) {
                String word = rest.next();
                switch (word) {
                    case "--diff" -> diff = true;
                    case "--node" -> node = value(word, rest);
                    case String given when given.startsWith("--node=") -> node = given.substring("--node=".length());
                    case "-o", "--output" -> json = json(value(word, rest));
                    case String given when given.startsWith("--output=") ->
                        json = json(given.substring("--output=".length()));
                    case "-h", "--help" -> help = true;
                    case "--" -> rest.forEachRemaining(files::add);
                    default -> files.add(file(word));
                }
            }
            if (files.isEmpty() && !help) {
                throw new IllegalArgumentException("which files?");
            }
            return new Words(files, node, diff, json, help);
        }

        private static String value(String option, Iterator<String> rest) {
            if (!rest.hasNext()) {
                throw new IllegalArgumentException("what " + option + "?");
            }
            return rest.next();
        }

        private static boolean json(String format) {
            if (!format.equals("json")) {
                throw new IllegalArgumentException("no output format '" + format + "'; there is json");
            }
            return true;
        }

        private static String file(String word) {
            if (word.startsWith("-") && !word.equals("-")) {
                throw new IllegalArgumentException("no option '" + word + "'" + Nearest.hint(word, OPTIONS));
            }
            return word;
        }
    }
}
