package io.holdfast.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import io.holdfast.pod.Container;
import io.holdfast.pod.Lifecycle;
import io.holdfast.pod.PodSecurityContext;
import io.holdfast.pod.PodSpec;

/**
 * Makes the table of all fields of the Pod, {@code itests/CONFORMANCE.md}, of what the reader knows, of the manifests and
 * tests that have a field, and of the engines' refusals as they stand in their code.
 */
class ConformanceTest {

    private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();
    private static final Path ITESTS = ROOT.resolve("itests");
    private static final Path TABLE = ITESTS.resolve("CONFORMANCE.md");
    private static final String THIS = "[ConformanceTest](../bundles/manifest/src/test/java/"
            + "io/holdfast/manifest/ConformanceTest.java)";
    private static final String WRITE = "conformance.write";
    private static final String HEAD = """
            # The fields of the Pod, and what becomes of them
            Made by `ConformanceTest` of `bundles/manifest`, which fails when this is not what the code does. ✓ is carried
            out. A field that is refused on both engines, or not yet carried out, is an error in `holdfast validate` already;
            what only one of them refuses is an error of the pod that is put there.
            """;

    /** What is refused of a field that the reader knows: by this bundle's rules everywhere, or by an engine's. */
    private record Limit(Class<?> type, String field, String bundle, String state, String sentence) {
    }

    private static final String ALL = "refused: ";
    private static final String PART = "refused in part: ";
    private static final List<Limit> LIMITS = List.of(
            new Limit(PodSpec.class, "serviceAccountName", "manifest", PART,
                    "service accounts live in an API server, and a static pod has none; leave it out"),
            new Limit(PodSpec.class, "serviceAccount", "manifest", PART,
                    "service accounts live in an API server, and a static pod has none; leave it out"),
            new Limit(PodSpec.class, "automountServiceAccountToken", "manifest", PART,
                    "tokens come from an API server, and a static pod has none; leave it out"),
            new Limit(PodSpec.class, "os", "manifest", PART, "must be linux; nothing else runs here"),
            new Limit(Lifecycle.Hook.class, "tcpSocket", "manifest", ALL,
                    "a hook cannot do this; use exec, httpGet or sleep"),
            new Limit(Lifecycle.class, "stopSignal", "runtime-cri", ALL, "the engine's CRI has no such thing"),
            new Limit(PodSecurityContext.class, "supplementalGroupsPolicy", "runtime-cri", PART,
                    "supplementalGroupsPolicy Strict: the engine always adds the groups that the image gives its user"
                            + " (containerd can leave them out from 2.0 on)"),
            new Limit(PodSecurityContext.class, "supplementalGroupsPolicy", "runtime-docker", PART,
                    "supplementalGroupsPolicy Strict: Docker adds the groups that the image gives its user, unless the"
                            + " main group is said too (runAsGroup)"),
            new Limit(Container.VolumeMount.class, "recursiveReadOnly", "runtime-cri", PART,
                    "the engine cannot make what is mounted below it read-only too (containerd can from 2.0 on)"),
            new Limit(Container.VolumeMount.class, "recursiveReadOnly", "runtime-docker", PART,
                    "this Docker cannot make what is mounted below it read-only too"));

    private final Schema schema = Schema.ofPod();

    @Test
    void theTableIsWhatTheTestsShow() throws IOException {
        String table = table();
        if (Boolean.getBoolean(WRITE)) {
            Files.writeString(TABLE, table);
        }
        assertThat(TABLE).as("run this test with -D%s=true to write it anew", WRITE).hasContent(table);
    }

    @Test
    void everyRefusedFieldIsRefusedWithItsSentence() {
        for (Class<?> type : schema.types()) {
            for (String field : Support.fields(type)) {
                List<String> said = messages(type, field);
                switch (Support.rule(type, field)) {
                    case Support.Rule.Refused(String why) -> assertThat(said).as(field).containsExactly(why);
                    case Support.Rule.NotYet _ -> assertThat(said).as(field).containsExactly("not supported yet: at." + field);
                    case Support.Rule.Known _, Support.Rule.Accepted _, Support.Rule.Dropped _ -> assertThat(said)
                            .as(field).noneMatch(m -> m.startsWith("unknown field"));
                    case null -> throw new AssertionError(field);
                }
            }
        }
    }

    private static List<String> messages(Class<?> type, String field) {
        Tree.Obj object = new Tree.Obj(Tree.Place.UNKNOWN);
        object.put(field, "something");
        Faults faults = new Faults(object, "");
        OtherFields.check(object, "at", type, Set.of(), faults);
        return faults.list().stream().map(Fault::message).toList();
    }

    @Test
    void whatIsRefusedIsRefusedInTheWordsOfTheTable() throws IOException {
        for (Limit limit : LIMITS) {
            String code = Proofs.java(ROOT.resolve("bundles/" + limit.bundle() + "/src/main")).values().stream()
                    .collect(Collectors.joining()).replaceAll("\"\\s*\\+\\s*\"", "");
            assertThat(code.contains(limit.sentence())).as(limit.toString()).isTrue();
        }
    }

    private String table() throws IOException {
        Proofs proofs = Proofs.read(ROOT, ITESTS, schema);
        StringBuilder out = new StringBuilder(HEAD);
        out.append("\n## Kinds\n| kind | | shown by |\n|---|---|---|\n");
        for (Kinds kind : Kinds.values()) {
            out.append("| `%s` | ✓ | %s |\n".formatted(kind, proofs.of(kind.name(), kind.name(), List.of("kind"))));
        }
        for (Map.Entry<Class<?>, List<String>> type : schema.paths().entrySet()) {
            out.append("\n## ").append(type.getValue().stream().map(p -> p.isEmpty() ? "Pod" : "`" + p + "`")
                    .collect(Collectors.joining(", "))).append("\n| field | CRI | Docker | shown by |\n|---|---|---|---|\n");
            for (String field : Schema.fields(type.getKey())) {
                out.append(row(type.getKey(), field, proofs));
            }
        }
        assertThat(proofs.missing()).as("what is in no manifest and no integration test; write one, or name a test that"
                + " shows it, and speaks of it, in conformance.properties").isEmpty();
        return out + resources();
    }

    private String row(Class<?> type, String field, Proofs proofs) {
        String key = Schema.key(type, field);
        Support.Rule rule = Support.rule(type, field);
        String state = switch (rule) {
            case null -> "✓";
            case Support.Rule.Known _ -> "✓";
            case Support.Rule.Accepted _ -> "no effect on one node";
            case Support.Rule.Dropped _ -> "dropped, an API server's";
            case Support.Rule.NotYet(Set<String> without) -> "not yet"
                    + without.stream().map(" but for `%s`"::formatted).collect(Collectors.joining());
            case Support.Rule.Refused(String why) -> "refused: " + why;
        };
        List<String> within = schema.paths().getOrDefault(type, List.of()).stream()
                .map(path -> path.isEmpty() ? "kind" : path.substring(path.lastIndexOf('.') + 1).replace("[]", "")).toList();
        String shown = Schema.isRefused(type, field) ? THIS : proofs.of(key, field, within);
        String onCri = on("runtime-cri", type, field, state);
        String onDocker = on("runtime-docker", type, field, state);
        return "| `%s` | %s | %s | %s |\n".formatted(field, onCri,
                onDocker.equals(onCri) && !onCri.equals("✓") ? "the same" : onDocker, shown);
    }

    private static String on(String runtime, Class<?> type, String field, String state) {
        return LIMITS.stream().filter(l -> l.type() == type && l.field().equals(field)
                && (l.bundle().equals(runtime) || l.bundle().equals("manifest"))).map(l -> l.state() + l.sentence())
                .findFirst().orElse(state);
    }

    @Test
    void noManifestHasAFieldThatIsNotInTheTable() throws IOException {
        assertThat(Proofs.read(ROOT, ITESTS, schema).manifests().keySet()).isSubsetOf(Stream.concat(
                schema.types().stream().flatMap(type -> Schema.fields(type).stream().map(field -> Schema.key(type, field))),
                Stream.of(Kinds.values()).map(Kinds::name)).toList());
    }

    /** What stands in a map is no field: the reader is asked. */
    private static String resources() {
        StringBuilder out = new StringBuilder("\n## Resources\n| `limits`, `requests` | |\n|---|---|\n");
        for (String name : List.of("cpu", "memory", "ephemeral-storage", "hugepages-2Mi")) {
            String pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec:\n  containers:\n"
                    + "  - {name: a, image: i, resources: {limits: {" + name + ": 2Mi}}}\n";
            Reading.Document read = new PodReader(ThisNode.named("n"), "file")
                    .read(pod.getBytes(StandardCharsets.UTF_8), (_, _) -> Instant.EPOCH).documents().getFirst();
            out.append("| `%s` | %s |\n".formatted(name, read.faults().isEmpty() ? "✓" : "not yet"));
        }
        return out.toString();
    }
}
