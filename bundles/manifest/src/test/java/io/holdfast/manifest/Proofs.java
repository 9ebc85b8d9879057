package io.holdfast.manifest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * What shows a field: the manifests that have it, else the integration tests with manifests of their own that do, else
 * the test that {@code conformance.properties} names, which must speak of it.
 *
 * @param base what links are relative to
 * @param manifests by the key of a field that they have
 * @param tests all of them, with their text
 * @param missing what nothing shows, of all that was asked for
 */
record Proofs(Path base, Map<String, Set<Path>> manifests, Map<Path, String> tests, Properties named,
        List<String> missing) {

    private static final int SHOWN = 2;

    static Proofs read(Path root, Path base, Schema schema) throws IOException {
        Map<String, Set<Path>> manifests = new HashMap<>();
        try (Stream<Path> files = Files.list(root.resolve("itests/manifests"))) {
            for (Path file : files.sorted().toList()) {
                for (Documents.Document document : Documents.read(Files.readAllBytes(file)).list()) {
                    fields((Tree.Obj) document.root(), schema).forEach(key -> add(manifests, key, file));
                }
                Pattern.compile("\\bkind: (\\w+)").matcher(text(file)).results().forEach(m -> add(manifests, m.group(1), file));
            }
        }
        Map<Path, String> tests = java(root.resolve("bundles"));
        tests.putAll(java(root.resolve("itests")));
        Properties named = new Properties();
        try (var in = Proofs.class.getResourceAsStream("/conformance.properties")) {
            named.load(in);
        }
        return new Proofs(base, manifests, tests, named, new ArrayList<>());
    }

    private static Set<String> fields(Tree.Obj root, Schema schema) {
        Set<String> found = new TreeSet<>();
        switch (String.valueOf(root.text("kind"))) {
            case "Pod" -> schema.walk(root, (type, field) -> found.add(Schema.key(type, field)));
            case "DaemonSet" -> schema.walk(root.object("spec").object("template"),
                    (type, field) -> found.add(Schema.key(type, field)));
            default -> { } // no pod
        }
        return found;
    }

    private static void add(Map<String, Set<Path>> to, String key, Path file) {
        to.computeIfAbsent(key, _ -> new TreeSet<>()).add(file);
    }

    /** All code below a directory, by file. */
    static Map<Path, String> java(Path below) throws IOException {
        try (Stream<Path> files = Files.walk(below)) {
            return files.filter(f -> f.toString().endsWith(".java"))
                    .collect(Collectors.toMap(f -> f, Proofs::text, (a, _) -> a, TreeMap::new));
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Links to what shows it.
     *
     * @param key of the field, as in {@code conformance.properties}
     * @param word that the test has to have that shows it
     * @param within what the field is a part of, of which the test has to have one
     */
    String of(String key, String word, List<String> within) {
        List<Path> shown = new ArrayList<>(manifests.getOrDefault(key, Set.of()));
        if (shown.isEmpty()) {
            tests.forEach((file, text) -> {
                if (file.toString().endsWith("IT.java") && has(text, word) && within.stream().anyMatch(w -> has(text, w))) {
                    shown.add(file);
                }
            });
        }
        return shown.isEmpty() ? named(key, word) : shown.stream().limit(SHOWN).map(this::link).collect(Collectors.joining(", "));
    }

    private static boolean has(String text, String field) {
        return Pattern.compile("\\b" + field + ":").matcher(text).find();
    }

    private String named(String key, String word) {
        Path file = file(named.getProperty(key, ""));
        if (file == null || !Pattern.compile("\\b" + word + "\\b").matcher(tests.getOrDefault(file, "")).find()) {
            missing.add(key);
            return "";
        }
        return link(file);
    }

    private @Nullable Path file(String test) {
        return tests.keySet().stream().filter(f -> f.endsWith(test + ".java")).findFirst().orElse(null);
    }

    private String link(Path file) {
        return "[%s](%s)".formatted(String.valueOf(file.getFileName()).replaceFirst("\\.\\w+$", ""), base.relativize(file));
    }
}
