package io.holdfast.manifest;

import static io.holdfast.manifest.ManifestsTest.pod;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.holdfast.cell.Cell;
import io.holdfast.source.ConfigObject;
import io.holdfast.source.ConfigObject.Key;
import io.holdfast.source.ConfigObject.Kind;
import io.holdfast.source.DesiredPods.Snapshot;
import io.holdfast.source.Problem;
import io.holdfast.source.Sources;

/** ConfigMaps and Secrets of several sources, kept as pods are (behaviours F5, H2, S5; design decisions 2, 3 and 10). */
@Timeout(30)
class ObjectsTest {

    private static final Key CONF = new Key(Kind.ConfigMap, "default", "conf");
    private static final Key TLS = new Key(Kind.Secret, "default", "tls");

    @TempDir
    Path state;
    private Path memory = Path.of("/nonexistent");
    private Manifests manifests = new Manifests(new ManifestsTest.TestNode(memory), memory, Clock.systemUTC());
    private Sources sources = new SourceList(manifests);

    @BeforeEach
    void memory() throws IOException {
        memory = Files.createTempDirectory(Path.of("/dev/shm"), "holdfast-test"); // tmpfs on every Linux
        start();
    }

    private void start() {
        manifests.close();
        manifests = new Manifests(new ManifestsTest.TestNode(state), memory.resolve("run"), Clock.systemUTC());
        sources = new SourceList(manifests);
    }

    @AfterEach
    void close() throws IOException {
        manifests.close();
        try (Stream<Path> files = Files.walk(memory)) {
            for (Path file : files.toList().reversed()) {
                Files.delete(file);
            }
        }
    }

    private FakeSource add(String name) {
        FakeSource source = new FakeSource(name);
        manifests.addSource(source, source.properties());
        return source;
    }

    private void remove(FakeSource source) {
        manifests.removeSource(source, source.properties());
    }

    private static String conf(String value) {
        return "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: conf}\ndata: {key: '" + value + "'}\n";
    }

    private static String tls(String value) {
        return "---\napiVersion: v1\nkind: Secret\nmetadata: {name: tls}\nstringData: {word: '" + value + "'}\n";
    }

    private Snapshot await(Predicate<Snapshot> wanted) throws InterruptedException, TimeoutException {
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        for (Cell.Versioned<Snapshot> now = manifests.current();; now = manifests.after(now.version())) {
            if (wanted.test(now.value())) {
                return now.value();
            }
            if (System.nanoTime() > deadline) {
                throw new TimeoutException("at last " + now);
            }
        }
    }

    private void awaitState(Predicate<Known> wanted) throws InterruptedException {
        for (Cell.Versioned<Known> now = manifests.stateAfter(-1);; now = manifests.stateAfter(now.version())) {
            if (wanted.test(now.value())) {
                return;
            }
        }
    }

    private List<String> problems(String source) {
        return sources.current().stream().filter(s -> s.name().equals(source)).flatMap(s -> s.problems().stream())
                .map(Problem::text).toList();
    }

    private static Predicate<Snapshot> has(Key key, String entry, String value) {
        return snapshot -> snapshot.objects().get(key) != null && value.equals(value(snapshot, key, entry));
    }

    private static String value(Snapshot snapshot, Key key, String entry) {
        return Objects.requireNonNull(object(snapshot, key).data().get(entry)).text();
    }

    private static ConfigObject object(Snapshot snapshot, Key key) {
        return Objects.requireNonNull(snapshot.objects().get(key), key.toString());
    }

    @Test
    void theyComeBesidePodsAndInsideLists() throws Exception { // F3, I4
        String list = """
                apiVersion: v1
                kind: List
                items:
                - {apiVersion: v1, kind: ConfigMap, metadata: {name: raw, namespace: app}, binaryData: {a: "AP/+"}, immutable: true}
                - apiVersion: v1
                  kind: Secret
                  metadata: {name: tls}
                  type: example.com/mine
                  data: {word: b2xk, other: eA==, empty: }
                  stringData: {word: new}
                """;
        add("file~main").reports("web.yaml", pod("web") + conf("x"), "list.yaml", list);
        Snapshot now = await(s -> s.objects().size() == 3);
        assertThat(now.pods()).hasSize(1);
        assertThat(value(now, CONF, "key")).isEqualTo("x");
        assertThat(object(now, CONF).type()).isEmpty();
        assertThat(object(now, new Key(Kind.ConfigMap, "app", "raw")).data())
                .containsOnlyKeys("a").containsValue(ConfigObject.Value.binary(new byte[]{0, (byte) 0xff, (byte) 0xfe}));
        assertThat(object(now, TLS).type()).isEqualTo("example.com/mine");
        assertThat(value(now, TLS, "word")).isEqualTo("new"); // stringData wins
        assertThat(value(now, TLS, "other")).isEqualTo("x");
        assertThat(value(now, TLS, "empty")).isEmpty();
        assertThat(object(now, TLS).origin()).isEqualTo("list.yaml");
        assertThat(problems("file~main")).isEmpty();
    }

    @Test
    void whatDidNotChangeIsTheSameInstance() throws Exception {
        FakeSource source = add("file~main").reports("a.yaml", conf("x") + tls("y"));
        Snapshot before = await(has(TLS, "word", "y"));
        source.reports("a.yaml", "# a comment\n" + conf("x") + tls("z"));
        Snapshot now = await(has(TLS, "word", "z"));
        assertThat(object(now, CONF)).isSameAs(object(before, CONF));
        source.reports("a.yaml", conf("x") + tls("z"), "web.yaml", pod("web"));
        assertThat(await(s -> s.pods().size() == 1).objects()).isSameAs(now.objects());
    }

    @Test
    void aBrokenEditKeepsTheOldObject() throws Exception { // F5, H2
        FakeSource source = add("file~main").reports("a.yaml", conf("x") + tls("y"));
        Snapshot before = await(has(TLS, "word", "y"));
        source.reports("a.yaml", conf("x2") + tls("y").replace("stringData", "data").replace("'y'", "'*'"));
        Snapshot now = await(has(CONF, "key", "x2"));
        assertThat(object(now, TLS)).isSameAs(object(before, TLS));
        assertThat(problems("file~main")).containsExactly("a.yaml:10:14 data[word]: must be base64; stringData takes plain"
                + " text; Secret default/tls stays as it was");
        source.reports("a.yaml", "{");
        awaitState(s -> problems("file~main").stream().anyMatch(p -> p.endsWith(
                "ConfigMap default/conf, Secret default/tls stay as they were")));
        assertThat(manifests.current().value().objects()).isSameAs(now.objects());
        source.reports("a.yaml", conf("x3"));
        assertThat(value(await(s -> s.objects().size() == 1), CONF, "key")).isEqualTo("x3");
        assertThat(problems("file~main")).isEmpty();
    }

    @Test
    void aBrokenNewcomerIsNotThere() throws Exception {
        add("file~main").reports("a.yaml", tls("y").replace("stringData", "stringDat"));
        awaitState(s -> problems("file~main").contains("a.yaml:5:1 stringDat: unknown field; did you mean 'stringData'?;"
                + " Secret default/tls is not there"));
        assertThat(manifests.current().value().objects()).isEmpty();
    }

    @Test
    void anObjectThatMovesToAnotherFileIsTakenFromThere() throws Exception {
        FakeSource source = add("file~main").reports("a.yaml", conf("x") + tls("y"));
        await(has(TLS, "word", "y"));
        source.reports("a.yaml", "{", "b.yaml", conf("new"));
        Snapshot now = await(has(CONF, "key", "new"));
        assertThat(object(now, TLS).origin()).isEqualTo("a.yaml");
        source.reports("b.yaml", conf("new") + tls("").replace("stringData", "x"));
        assertThat(object(await(s -> object(s, TLS).origin().equals("b.yaml")), TLS).data()).hasSize(1);
    }

    @Test
    void anAbsentSourceKeepsItsObjectsUntilItIsForgotten() throws Exception { // S6
        FakeSource source = add("file~main").reports("a.yaml", conf("x"));
        Snapshot before = await(has(CONF, "key", "x"));
        remove(source);
        awaitState(s -> sources.current().getFirst().state() == Sources.State.ABSENT);
        assertThat(manifests.current().value().objects()).isSameAs(before.objects());
        sources.forget("file~main");
        assertThat(await(s -> s.objects().isEmpty()).reported()).contains("file~main");
    }

    @Test
    void ofTwoWithOneNameTheOneInForceStays() throws Exception { // S5
        FakeSource first = add("file~z").reports("z.yaml", conf("x"));
        Snapshot before = await(has(CONF, "key", "x"));
        add("file~a").reports("a.yaml", conf("other"));
        awaitState(s -> !s.duplicates().isEmpty());
        assertThat(problems("file~a")).containsExactly("a.yaml: ConfigMap default/conf is already defined by z.yaml of"
                + " source file~z; this one is not used until the other is gone");
        assertThat(object(manifests.current().value(), CONF)).isSameAs(object(before, CONF));
        first.reports(List.of());
        assertThat(object(await(has(CONF, "key", "other")), CONF).source()).isEqualTo("file~a");
        assertThat(problems("file~a")).isEmpty();
    }

    @Test
    void theySurviveARestartWithoutTheirSource() throws Exception { // H8
        add("file~main").reports("a.yaml", pod("web") + conf("x") + tls("y"));
        await(has(TLS, "word", "y"));
        start();
        Snapshot now = await(has(TLS, "word", "y"));
        assertThat(value(now, CONF, "key")).isEqualTo("x");
        assertThat(object(now, TLS).type()).isEqualTo("Opaque");
        FakeSource again = add("file~main").reports("a.yaml", conf("x") + tls("y"));
        Snapshot read = await(s -> s.pods().isEmpty());
        assertThat(object(read, TLS)).isSameAs(object(now, TLS));
        again.reports("a.yaml", conf("x"));
        await(s -> s.objects().size() == 1);
        start();
        assertThat(await(has(CONF, "key", "x")).objects()).hasSize(1);
    }

    @Test
    void secretsAreInMemoryOnlyAndForTheAgentOnly() throws Exception { // design decision 10
        add("file~main").reports("a.yaml", conf("plain") + tls("hunter2"));
        await(has(TLS, "word", "hunter2"));
        manifests.close();
        assertThat(Files.readString(state.resolve("manifests/file~main.json"))).contains("conf", "cGxhaW4=")
                .doesNotContain("tls", "aHVudGVyMg==", "hunter2");
        Path file = memory.resolve("run/file~main.json");
        assertThat(Files.readString(file)).contains("aHVudGVyMg==").doesNotContain("cGxhaW4=");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(memory.resolve("run"))))
                .isEqualTo("rwx------");
    }

    @Test
    void afterABootSecretsComeBackWithTheirSourceOnly() throws Exception {
        add("file~main").reports("a.yaml", conf("x") + tls("y"));
        await(has(TLS, "word", "y"));
        manifests.close();
        Files.delete(memory.resolve("run/file~main.json"));
        start();
        assertThat(await(has(CONF, "key", "x")).objects()).containsOnlyKeys(CONF);
    }

    @Test
    void aForgottenSourceLeavesNoSecretBehind() throws Exception {
        FakeSource source = add("file~main").reports("a.yaml", tls("y"));
        await(has(TLS, "word", "y"));
        remove(source);
        sources.forget("file~main");
        manifests.close();
        assertThat(memory.resolve("run/file~main.json")).doesNotExist();
        start();
        assertThat(manifests.after(0).value().objects()).isEmpty();
    }

    @Test
    void onADiskNoSecretIsSaved() throws Exception {
        Path onDisk = Path.of("target", "run").toAbsolutePath(); // a test's own directory may be on tmpfs
        manifests.close();
        manifests = new Manifests(new ManifestsTest.TestNode(state), onDisk, Clock.systemUTC());
        add("file~main").reports("a.yaml", conf("x") + tls("hunter2"));
        await(has(TLS, "word", "hunter2"));
        manifests.close();
        assertThat(state.resolve("manifests/file~main.json")).exists();
        assertThat(onDisk.resolve("file~main.json")).doesNotExist();
    }

    @Test
    void nothingThatIsSaidTellsAValue() throws Exception {
        FakeSource source = add("file~main").reports("a.yaml", tls("hunter2"));
        await(has(TLS, "word", "hunter2"));
        source.reports("a.yaml", tls("hunter3").replace("'hunter3'", "hunter3: 1"));
        awaitState(s -> !problems("file~main").isEmpty());
        assertThat(problems("file~main").toString() + manifests.current() + manifests.state()).contains("Secret default/tls")
                .doesNotContain("hunter");
    }
}
