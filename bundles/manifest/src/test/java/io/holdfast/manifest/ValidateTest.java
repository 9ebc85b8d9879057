package io.holdfast.manifest;

import static io.holdfast.manifest.ManifestsTest.pod;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.holdfast.manifest.Desk.Said;
import io.holdfast.source.Manifest;
import io.holdfast.source.Problem;

/** What a person and a pipeline get for the words they type. */
class ValidateTest {

    private static final String BAD = pod("api").replace("image", "imag");

    @TempDir
    Path temp;
    private Desk desk = new Desk(Path.of("/"));

    @BeforeEach
    void sit() throws Exception {
        desk = new Desk(temp).file("web.yaml", pod("web")).file("bad.yaml", BAD);
    }

    @Test
    void aGoodFileIsSaidToBeGood() throws Exception {
        assertThat(desk.validate("web.yaml")).isEqualTo(new Said("""
                web.yaml: pod default/web-node1 is good
                1 file, 1 good pod, 0 problems (node node1)
                """, "", 0));
    }

    @Test
    void whatAPodNeedsIsLookedForInAllFiles() throws Exception { // I4
        String needs = pod("web").replace("image: busybox", "image: busybox, envFrom: [{configMapRef: {name: conf}},"
                + " {secretRef: {name: tls}}, {secretRef: {name: maybe, optional: true}}], env: [{name: A, valueFrom:"
                + " {configMapKeyRef: {name: conf, key: port}}}]");
        desk.file("web.yaml", needs).file("conf.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: conf}\n"
                + "data: {a: b}\n").file("tls.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: tls}\n"
                        + "stringData: {word: hunter2}\n");
        assertThat(desk.validate("web.yaml", "conf.yaml")).isEqualTo(new Said("""
                web.yaml: pod default/web-node1 needs Secret default/tls, which is not in these files; without it the pod waits
                web.yaml: pod default/web-node1 needs key 'port' in ConfigMap default/conf, which is not in these files; without it the pod waits
                web.yaml: pod default/web-node1 is good
                conf.yaml: ConfigMap default/conf is good
                2 files, 1 good pod, 1 good object, 0 problems (node node1)
                """, "", 0));
        assertThat(desk.validate("--diff", "-o", "json", "tls.yaml").out()).contains("\"name\": \"tls\"", "\"change\": \"new\"")
                .doesNotContain("hunter2");
    }

    @Test
    void whyADaemonSetHasNoPodHereIsSaid() throws Exception {
        desk.file("set.yaml", """
                apiVersion: apps/v1
                kind: DaemonSet
                metadata: {name: logs}
                spec:
                  selector: {matchLabels: {app: logs}}
                  template:
                    metadata: {labels: {app: logs}}
                    spec: {nodeSelector: {disk: ssd}, containers: [{name: main, image: busybox}]}
                """);
        assertThat(desk.validate("set.yaml")).isEqualTo(new Said("""
                set.yaml: DaemonSet default/logs has no pod on this node: nodeSelector asks for disk=ssd, and node node1 has no label disk
                1 file, 0 good pods, 0 problems (node node1)
                """, "", 0));
    }

    @Test
    void eachProblemIsALineWithItsPlace() throws Exception {
        assertThat(desk.validate("web.yaml", "bad.yaml")).isEqualTo(new Said("""
                web.yaml: pod default/web-node1 is good
                bad.yaml:4:21 spec.containers[0].image: is required
                bad.yaml:4:34 spec.containers[0].imag: unknown field; did you mean 'image'?
                2 files, 1 good pod, 2 problems (node node1)
                """, "", 1));
    }

    @ParameterizedTest
    @MethodSource({"io.holdfast.manifest.BadManifestTest#kinds", "io.holdfast.manifest.BadManifestTest#shapes",
            "io.holdfast.manifest.BadManifestTest#rules", "io.holdfast.manifest.BadManifestTest#refused",
            "io.holdfast.manifest.BadManifestTest#notYet"})
    void theAgentSaysTheSame(String text, List<String> faults) throws Exception {
        assertThat(agentSaysTheSame(text)).hasSameSizeAs(faults);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "a: [", "{\"kind\": \"Pod\"} x", "\tkind: Pod", "a: b: c", "---\n---\n", "%YAML",
            "apiVersion: v1\nkind: List\nitems: [1, {kind: Pod}, {}]", "\u0000"})
    void theAgentSaysTheSameOfWhatIsNoManifest(String text) throws Exception {
        assertThat(agentSaysTheSame(text)).allSatisfy(problem -> assertThat(problem).startsWith("x.yaml:"));
    }

    private List<String> agentSaysTheSame(String text) throws Exception {
        Origin origin = Objects.requireNonNull(new OriginReader("file~main", ThisNode.named("node1"), _ -> null, Clock.systemUTC())
                .read(List.of(new Manifest.Text("x.yaml", text.getBytes(UTF_8))), Map.of()).get("x.yaml"));
        Said said = desk.file("x.yaml", text).validate("x.yaml");
        List<String> problems = said.out().lines().filter(line -> line.startsWith("x.yaml:")
                && !line.endsWith(" is good") && !line.endsWith(": no pods in it")).toList();
        assertThat(problems.stream().map(problem -> problem + "; it is not run"))
                .containsExactlyElementsOf(origin.problems().stream().map(Problem::text).toList());
        assertThat(said.code()).isEqualTo(problems.isEmpty() ? 0 : 1);
        return problems;
    }

    @Test
    void ofADirectoryTheFilesThatASourceWouldReadAreTaken() throws Exception { // F2, F8
        desk.file("dir/b.yml", pod("b")).file("dir/a.json", "{\"kind\": \"Pod\"}").file("dir/.a.yaml", "{")
                .file("dir/b.yml~", "{").file("dir/README", "{").file("dir/deep/c.yaml", "{");
        Files.createSymbolicLink(temp.resolve("work/dir/l.yaml"), Path.of("nowhere"));
        Files.createDirectory(temp.resolve("work/dir/d.yaml"));
        for (String name : List.of("dir", "dir/")) {
            assertThat(desk.validate(name)).isEqualTo(new Said("""
                    dir/a.json:1:1 apiVersion: is required
                    dir/b.yml: pod default/b-node1 is good
                    dir/l.yaml: cannot be read: it is a symbolic link to a file that does not exist
                    3 files, 1 good pod, 2 problems (node node1)
                    """, "", 2));
        }
    }

    @Test
    void aDirectoryWithoutManifestsIsNamed() throws Exception {
        assertThat(desk.file("empty/README", "x").validate("empty")).isEqualTo(new Said("""
                empty: no manifests here (names that end in .yaml, .yml, .json)
                0 files, 0 good pods, 0 problems (node node1)
                """, "", 0));
    }

    @Test
    void aProgramIsToldToo() throws Exception {
        assertThat(desk.file("empty/x", "x").file("x", "# none").validate("-o", "json", "empty", "x").out()).contains("""
                    "notes": [
                        "empty: no manifests here (names that end in .yaml, .yml, .json)",
                        "x: a source does not read files of this name"
                    ]
                """).contains("\"good\": true");
    }

    @Test
    void aFileThatIsNamedIsReadWhateverItsName() throws Exception { // F1
        assertThat(desk.file("README", pod("web")).validate("README")).isEqualTo(new Said("""
                README: a source does not read files of this name
                README: pod default/web-node1 is good
                1 file, 1 good pod, 0 problems (node node1)
                """, "", 0));
    }

    @Test
    void whatIsTooMuchForTheMemoryIsSaidToBe() {
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                throw new OutOfMemoryError();
            }
        };
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = new Validate(temp, temp, endless, System.out, new PrintStream(err, true, UTF_8)).run(List.of("-"));
        assertThat(err.toString(UTF_8)).contains("too much for the memory it has; check fewer or smaller files at once");
        assertThat(code).isEqualTo(2);
    }

    @Test
    void standardInputIsAFile() throws Exception {
        assertThat(desk.validateWith(pod("a") + "---\n" + pod("b", "''"), "-")).isEqualTo(new Said("""
                stdin:9:41 spec.containers[0].image: must not be empty
                stdin: pod default/a-node1 is good
                1 file, 1 good pod, 1 problem (node node1)
                """, "", 1));
    }

    @Test
    void whatCannotBeReadIsSaidAndTheOthersAreChecked() throws Exception {
        assertThat(desk.file("none.yaml", "").validate("missing.yaml", "none.yaml", "web.yaml")).isEqualTo(new Said("""
                missing.yaml: cannot be read: no such file or directory
                none.yaml: cannot be read: it is empty
                web.yaml: pod default/web-node1 is good
                3 files, 1 good pod, 2 problems (node node1)
                """, "", 2));
        assertThat(desk.validateWith("", "-").out()).startsWith("stdin: cannot be read: it is empty\n");
    }

    @Test
    void aFileOfCommentsIsGoodAndHoldsNothing() throws Exception {
        assertThat(desk.file("x.yaml", "# later\n").validate("x.yaml")).isEqualTo(new Said("""
                x.yaml: no pods in it
                1 file, 0 good pods, 0 problems (node node1)
                """, "", 0));
    }

    @Test
    void twoPodsWithOneNameOrUidAreAProblemAcrossFiles() throws Exception { // S5
        String claims = pod("other").replace("name: other", "name: other, uid: one");
        desk.file("a.yaml", pod("web").replace("name: web", "name: web, uid: one")).file("c.yaml", claims);
        assertThat(desk.validate("web.yaml", "a.yaml", "c.yaml")).isEqualTo(new Said("""
                web.yaml: pod default/web-node1 is already defined by a.yaml
                a.yaml: pod default/web-node1 is good
                c.yaml metadata.uid: 'one' is already the UID of pod default/web-node1, defined by a.yaml
                3 files, 1 good pod, 2 problems (node node1)
                """, "", 1));
    }

    @Test
    void aFileThatIsNamedTwiceIsNotItsOwnRival() throws Exception {
        assertThat(desk.validate("web.yaml", "./web.yaml", "../work/web.yaml").out()).endsWith("1 file, 1 good pod,"
                + " 0 problems (node node1)\n");
    }

    @Test
    void theNodeIsTheOneThatIsAskedFor() throws Exception { // I1
        assertThat(desk.validate("--node", "Edge7", "web.yaml").out()).contains("default/web-edge7", "(node edge7)");
        assertThat(desk.validate("--node=edge7", "web.yaml").out()).contains("default/web-edge7");
        assertThat(desk.validate("web.yaml", "--node", "a_b")).isEqualTo(new Said("", "holdfast validate: --node must"
                + " be a DNS name: at most 253 lower-case letters, digits, '-' and '.', with a letter or digit at both"
                + " ends of each part; found 'a_b'\n", 2));
    }

    @Test
    void withoutConfigurationTheNodeIsCalledAsTheHostIs() throws Exception {
        Files.createDirectories(temp.resolve("config"));
        String host = NodeConfig.name("");
        assertThat(desk.validate("web.yaml").out()).contains("default/web-" + host + " is good");
    }

    @Test
    void aConfigurationThatTheAgentWouldRefuseIsRefused() throws Exception {
        assertThat(desk.config("nmae = node1\n").validate("web.yaml")).isEqualTo(
                new Said("", "holdfast validate: io.holdfast.node: cannot read 'nmae'; did you mean 'name'?\n", 2));
    }

    @Test
    void aConfigurationThatCannotBeReadIsNamedWithTheReason() throws Exception {
        Path file = temp.resolve("config/io.holdfast.node.cfg");
        Files.createDirectory(temp.resolve("config"));
        Files.write(file, "#é".getBytes(ISO_8859_1));
        assertThat(desk.validate("web.yaml")).isEqualTo(
                new Said("", "holdfast validate: cannot read " + file + ": it is not UTF-8\n", 2));
    }

    @Test
    void jsonIsForPrograms() throws Exception {
        assertThat(desk.validate("-o", "json", "web.yaml", "bad.yaml", "missing")).isEqualTo(new Said("""
                {
                    "node": "node1",
                    "good": false,
                    "files": [
                        {
                            "file": "web.yaml",
                            "pods": [
                                "default/web-node1"
                            ],
                            "problems": []
                        },
                        {
                            "file": "bad.yaml",
                            "pods": [],
                            "problems": [
                                {
                                    "line": 4,
                                    "column": 21,
                                    "path": "spec.containers[0].image",
                                    "message": "is required",
                                    "pod": "default/api-node1"
                                },
                                {
                                    "line": 4,
                                    "column": 34,
                                    "path": "spec.containers[0].imag",
                                    "message": "unknown field; did you mean 'image'?",
                                    "pod": "default/api-node1"
                                }
                            ]
                        },
                        {
                            "file": "missing",
                            "pods": [],
                            "problems": [
                                {
                                    "message": "cannot be read: no such file or directory"
                                }
                            ]
                        }
                    ]
                }
                """, "", 2));
    }

    @Test
    void wrongUsageIsSaidWithTheUsage() throws Exception {
        String usage = "\nusage: holdfast validate [--home DIR] [--diff] [--node NAME] [-o json] FILE...\n";
        assertThat(desk.validate("--dif", "x")).isEqualTo(
                new Said("", "holdfast validate: no option '--dif'; did you mean '--diff'?" + usage, 2));
        assertThat(desk.validate()).isEqualTo(new Said("", "holdfast validate: which files?" + usage, 2));
        assertThat(desk.validate("x", "--node")).isEqualTo(new Said("", "holdfast validate: what --node?" + usage, 2));
        assertThat(desk.validate("web.yaml", "--output=json").out()).startsWith("{\n");
        assertThat(desk.validate("web.yaml", "")).isEqualTo(new Said("", "holdfast validate: which file is ''?\n", 2));
        assertThat(desk.validate("x", "-o", "xml")).isEqualTo(
                new Said("", "holdfast validate: no output format 'xml'; there is json" + usage, 2));
    }

    @Test
    void helpSaysTheExitCodesAndTwoDashesEndTheOptions() throws Exception {
        assertThat(desk.validate("--help").out()).startsWith("usage: ").contains("--diff", "Exit code: 0 all good");
        assertThat(desk.validate("--help").code()).isZero();
        assertThat(desk.file("--diff.yaml", pod("web")).validate("--", "--diff.yaml").out())
                .startsWith("--diff.yaml: pod default/web-node1 is good\n");
    }
}
