package io.holdfast.manifest;

import static io.holdfast.manifest.ManifestsTest.pod;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.holdfast.manifest.Desk.Said;
import io.holdfast.source.ManifestCheck;

/** What would change on a node. */
class ValidateDiffTest {

    private static final String FROM_ALL = " (in force from all.yaml of source file~main)\n";

    @TempDir
    Path temp;
    private Desk desk = new Desk(Path.of("/"));

    @BeforeEach
    void sit() throws Exception {
        desk = new Desk(temp).inForce("file~main", "web.yaml", pod("web"), "all.yaml",
                pod("a") + "---\n" + pod("b") + "---\n" + pod("c"));
    }

    private static String summary(String found, String changes) {
        return found + "; on node node1: " + changes + ", of 4 pods in force\n";
    }

    @Test
    void eachPodIsNewUnchangedReplacedKeptOrRemoved() throws Exception {
        String a = "# formatted\n" + pod("a").replace("spec: {containers: [{name: main, image: busybox}]}",
                "spec:\n  containers:\n  - image: busybox\n    name: main"); // F6
        desk.file("new/all.yaml", a + "---\n" + pod("b", "nginx") + "---\n" + pod("c", "''") + "---\n" + pod("d"));
        assertThat(desk.validate("--diff", "new")).isEqualTo(new Said(
                "new/all.yaml:18:41 spec.containers[0].image: must not be empty; the running pod default/c-node1 stays"
                        + " as it was\n"
                        + "new/all.yaml: pod default/a-node1 is good and unchanged" + FROM_ALL
                        + "new/all.yaml: pod default/b-node1 is good and would be replaced" + FROM_ALL
                        + "    spec.containers[main].image: \"busybox\" -> \"nginx\"\n"
                        + "new/all.yaml: pod default/c-node1 stays as it is" + FROM_ALL
                        + "new/all.yaml: pod default/d-node1 is good and new, it would be started\n"
                        + summary("1 file, 3 good pods, 1 problem",
                                "1 new, 1 unchanged, 1 replaced, 1 kept, 0 removed"),
                "", 1));
    }

    @Test
    void aPodThatItsFileDoesNotHaveAnyMoreWouldBeRemovedAndOtherFilesArePassedOver() throws Exception {
        desk.file("all.yaml", pod("a") + "---\n" + pod("c"));
        assertThat(desk.validate("all.yaml", "--diff")).isEqualTo(new Said(
                "all.yaml: pod default/a-node1 is good and unchanged" + FROM_ALL
                        + "all.yaml: pod default/b-node1 is not in it any more and would be removed" + FROM_ALL
                        + "all.yaml: pod default/c-node1 is good and unchanged" + FROM_ALL
                        + summary("1 file, 2 good pods, 0 problems",
                                "0 new, 2 unchanged, 0 replaced, 0 kept, 1 removed"),
                "", 0));
    }

    @Test
    void aTextThatCannotBeReadKeepsAllItsPods() throws Exception { // F5
        desk.file("all.yaml", "{");
        assertThat(desk.validate("--diff", "all.yaml").out()).startsWith("all.yaml:1:2: is not JSON").contains(
                "; the running pods default/a-node1, default/b-node1, default/c-node1 stay as they were\n",
                " 3 kept, 0 removed");
        assertThat(desk.validate("--diff", "gone/all.yaml").out()).startsWith("gone/all.yaml: cannot be read: no such"
                + " file or directory; the running pods default/a-node1, ");
    }

    @Test
    void aDefaultThatIsWrittenOutIsAnotherEdition() throws Exception { // I5
        desk.file("web.yaml", pod("web").replace("spec: {", "spec: {restartPolicy: Always, "));
        assertThat(desk.validate("--diff", "web.yaml").out()).startsWith("""
                web.yaml: pod default/web-node1 is good and would be replaced (in force from web.yaml of source file~main)
                    no value differs, but a default is now given, or not given any more
                """);
    }

    @Test
    void aPodThatAnotherFileDefinesIsRefused() throws Exception { // S5
        desk.inForce("git~pods", "node1/db.yaml", pod("db")).file("site.yaml", pod("web") + "---\n" + pod("db"));
        assertThat(desk.validate("--diff", "site.yaml")).isEqualTo(new Said("""
                site.yaml: pod default/web-node1 is already defined by web.yaml of source file~main; this one is not \
                run until the other is gone
                site.yaml: pod default/db-node1 is already defined by node1/db.yaml of source git~pods; this one \
                is not run until the other is gone
                1 file, 0 good pods, 2 problems; on node node1: 0 new, 0 unchanged, 0 replaced, 0 kept, 0 removed, \
                of 5 pods in force
                """, "", 1));
    }

    @Test
    void aPodThatMovesFromOneFileToAnotherStays() throws Exception { // F6
        desk.file("all.yaml", pod("b") + "---\n" + pod("c")).file("a.yaml", pod("a"));
        assertThat(desk.validate("--diff", "a.yaml", "all.yaml")).isEqualTo(new Said(
                "a.yaml: pod default/a-node1 is good and unchanged" + FROM_ALL
                        + "all.yaml: pod default/b-node1 is good and unchanged" + FROM_ALL
                        + "all.yaml: pod default/c-node1 is good and unchanged" + FROM_ALL
                        + summary("2 files, 3 good pods, 0 problems",
                                "0 new, 3 unchanged, 0 replaced, 0 kept, 0 removed"),
                "", 0));
    }

    @Test
    void standardInputTakesThePlaceOfThePodsInIt() throws Exception {
        assertThat(desk.validateWith(pod("web", "nginx") + "---\n" + pod("a") + "---\n" + pod("d"), "--diff", "-"))
                .isEqualTo(new Said("stdin: pod default/a-node1 is good and unchanged" + FROM_ALL
                        + "stdin: pod default/d-node1 is good and new, it would be started\n"
                        + "stdin: pod default/web-node1 is good and would be replaced (in force from web.yaml of source"
                        + " file~main)\n    spec.containers[main].image: \"busybox\" -> \"nginx\"\n"
                        + summary("1 file, 3 good pods, 0 problems",
                                "1 new, 1 unchanged, 1 replaced, 0 kept, 0 removed"),
                        "", 0));
    }

    @Test
    void ofTwoSourcesWithAFileOfTheNameTheOneWithThePodIsMeant() throws Exception {
        desk.inForce("file~extra", "web.yaml", pod("x")).file("web.yaml", pod("x", "nginx"));
        assertThat(desk.validate("--diff", "web.yaml").out())
                .contains("would be replaced (in force from web.yaml of source file~extra)").doesNotContain("removed (");
    }

    @Test
    void aFileOfAGitRepositoryIsKnownByTheEndOfItsPath() throws Exception {
        String git = " (in force from node1/db.yaml of source git~pods)\n";
        desk.inForce("git~pods", "node1/db.yaml", pod("db") + "---\n" + pod("old"), "node2/db.yaml", pod("db2"));
        desk.file("clone/node1/db.yaml", pod("db", "nginx"));
        String changes = ": pod default/db-node1 is good and would be replaced" + git
                + "    spec.containers[main].image: \"busybox\" -> \"nginx\"\n";
        for (String name : List.of("clone/node1/db.yaml", temp.resolve("work/clone/node1/db.yaml").toString(),
                "clone/node1")) {
            String shown = name.endsWith(".yaml") ? name : name + "/db.yaml";
            assertThat(desk.validate("--diff", name).out()).isEqualTo(shown + changes + shown
                    + ": pod default/old-node1 is not in it any more and would be removed" + git
                    + "1 file, 1 good pod, 0 problems; on node node1: 0 new, 0 unchanged, 1 replaced, 0 kept, 1 removed,"
                    + " of 7 pods in force\n");
        }
    }

    @Test
    void theNameAsItIsGivenComesFirstAndThenTheLongestEndOfThePath() throws Exception {
        desk.inForce("git~pods", "n/web.yaml", pod("git")).file("n/web.yaml", pod("git") + "---\n" + pod("web"));
        assertThat(desk.validate("--diff", "n/web.yaml").out()).contains("in force from n/web.yaml of source git~pods",
                "web-node1 is already defined by web.yaml of source file~main");
        assertThat(desk.validateIn("n", "", "--diff", "web.yaml").out())
                .contains("web.yaml: pod default/web-node1 is good and unchanged (in force from web.yaml of source file");
    }

    @Test
    void twoFilesDoNotTakeOnePlace() throws Exception {
        desk.file("web.yaml", pod("web", "nginx")).file("more/web.yaml", pod("x"));
        assertThat(desk.validate("--diff", "web.yaml", "more/web.yaml").out()).contains(
                "web.yaml: pod default/web-node1 is good and would be replaced",
                "more/web.yaml: pod default/x-node1 is good and new");
    }

    @Test
    void aFileTakesThePlaceOfThePodsInItThatComeFromAUrl() throws Exception {
        desk.inForce("http~fleet", "https://x/pods.yaml", pod("db") + "---\n" + pod("other"));
        desk.file("fleet.yaml", pod("db", "nginx") + "---\n" + pod("web"));
        assertThat(desk.validate("--diff", "fleet.yaml")).isEqualTo(new Said("""
                fleet.yaml: pod default/web-node1 is already defined by web.yaml of source file~main; this one is not \
                run until the other is gone
                fleet.yaml: pod default/db-node1 is good and would be replaced (in force from https://x/pods.yaml of \
                source http~fleet)
                    spec.containers[main].image: "busybox" -> "nginx"
                1 file, 1 good pod, 1 problem; on node node1: 0 new, 0 unchanged, 1 replaced, 0 kept, 0 removed, \
                of 6 pods in force
                """, "", 1));
    }

    @Test
    void aFileThatNoSourceReadsChangesNothing() throws Exception { // F2
        for (String name : List.of("new.yaml.bak", ".hidden.yaml", "new.yaml~")) {
            assertThat(desk.file(name, pod("new")).validate("--diff", name)).isEqualTo(new Said(
                    name + ": a source does not read files of this name\n"
                            + name + ": pod default/new-node1 is good\n"
                            + summary("1 file, 1 good pod, 0 problems",
                                    "0 new, 0 unchanged, 0 replaced, 0 kept, 0 removed"),
                    "", 0));
        }
        desk.inForce("file~any", "pods.conf", pod("any")).file("pods.conf", pod("any", "nginx"));
        assertThat(desk.validate("--diff", "pods.conf").out()).as("a source with other extensions")
                .contains("would be replaced (in force from pods.conf").doesNotContain("does not read");
    }

    @Test
    void whereNothingRanEverythingIsNewAndNothingIsWritten() throws Exception {
        desk.config("name = node1\nstate.directory = " + temp.resolve("none") + "\n").file("web.yaml", pod("web"));
        assertThat(desk.validate("--diff", "web.yaml")).isEqualTo(new Said("""
                web.yaml: pod default/web-node1 is good and new, it would be started
                1 file, 1 good pod, 0 problems; on node node1: 1 new, 0 unchanged, 0 replaced, 0 kept, 0 removed, \
                of 0 pods in force
                """, "", 0));
        assertThat(temp.resolve("none")).doesNotExist();
    }

    @Test
    void aCorruptStateIsLeftForTheAgent() throws Exception {
        Path state = temp.resolve("var/manifests/file~main.json");
        Files.writeString(state, "{");
        assertThat(desk.file("web.yaml", pod("web")).validate("--diff", "web.yaml").out()).contains("1 new");
        assertThat(state).hasContent("{");
    }

    @Test
    void aSourceThatIsForgottenMeanwhileIsLeftOut() throws Exception {
        for (int i = 0; i < 8; i++) { // wherever they stand in the directory
            Files.createSymbolicLink(temp.resolve("var/manifests/gone" + i + ".json"), Path.of("nowhere"));
            desk.inForce("file~more" + i, "more.yaml", pod("more" + i));
        }
        assertThat(desk.file("web.yaml", pod("web")).validate("--diff", "web.yaml").out()).contains("of 12 pods in force");
    }

    @Test
    void anotherNodeHasNoStateHere() throws Exception {
        assertThat(desk.validate("--diff", "--node", "node2", "x")).isEqualTo(
                new Said("", "holdfast validate: --diff is about this node, node1; leave out --node\n", 2));
    }

    @Test
    void jsonHasTheChangesToo() throws Exception {
        assertThat(desk.file("web.yaml", pod("web", "nginx")).validate("--diff", "-o", "json", "web.yaml").out())
                .endsWith("""
                            "changes": [
                                {
                                    "pod": "default/web-node1",
                                    "change": "replaced",
                                    "file": "web.yaml",
                                    "inForce": {
                                        "source": "file~main",
                                        "origin": "web.yaml"
                                    },
                                    "fields": [
                                        {
                                            "path": "spec.containers[main].image",
                                            "before": "\\"busybox\\"",
                                            "after": "\\"nginx\\""
                                        }
                                    ]
                                }
                            ]
                        }
                        """);
    }

    @Test
    void insideTheAgentTheSameIsSaidOfWhatIsInForceNow() throws Exception {
        desk.file("all.yaml", pod("a") + "---\n" + pod("b", "nginx") + "---\n" + pod("x")).file("new.yaml", pod("web"));
        String offline = desk.validate("--diff", "all.yaml", "new.yaml").out();
        Manifests manifests = new Manifests(new ManifestsTest.TestNode(temp.resolve("live")), temp.resolve("memory"),
                Clock.systemUTC());
        try {
            FakeSource main = new FakeSource("file~main").reports("web.yaml", pod("web"), "all.yaml",
                    pod("a") + "---\n" + pod("b") + "---\n" + pod("c"));
            manifests.addSource(main, main.properties());
            for (long version = 0; manifests.current().value().pods().size() < 4;) {
                version = manifests.after(version).version();
            }
            Known before = manifests.state();
            ManifestCheck.Report report = new LiveCheck(manifests).check(List.of("all.yaml", "new.yaml"),
                    new ManifestCheck.Options(temp.resolve("work"), "", true, false));
            assertThat(report.text()).isEqualTo(offline);
            assertThat(report.code()).isEqualTo(ManifestCheck.PROBLEMS);
            assertThat(manifests.state()).isSameAs(before);
        } finally {
            manifests.close();
        }
    }

    @Test
    void insideTheAgentThereIsNoStandardInput() {
        Check check = new Check(ThisNode.named("node1"), () -> Known.EMPTY, Optional.empty(), 1000);
        var options = new ManifestCheck.Options(temp, "", false, false);
        assertThatIllegalArgumentException().isThrownBy(() -> check.check(List.of("-"), options))
                .withMessage("there is no standard input here to be read as '-'; name a file");
        assertThat(check.check(List.of("/dev/zero"), options).text())
                .startsWith("/dev/zero: cannot be read: it is not a file\n");
    }

    @Test
    void theAgentReadsOnlySoMuchAtOnce() throws Exception {
        desk.file("a.yaml", pod("a")).file("b.yaml", "#".repeat(1000 - pod("a").length()));
        Check check = new Check(ThisNode.named("node1"), () -> Known.EMPTY, Optional.empty(), 1000);
        var options = new ManifestCheck.Options(temp.resolve("work"), "", false, false);
        assertThat(check.check(List.of("a.yaml", "b.yaml"), options).code()).isEqualTo(ManifestCheck.GOOD);
        desk.file("c.yaml", "#");
        assertThatIllegalArgumentException().isThrownBy(() -> check.check(List.of("."), options)).withMessage("these files"
                + " are too much for the agent's memory; check this with holdfast validate, which has its own");
    }
}
