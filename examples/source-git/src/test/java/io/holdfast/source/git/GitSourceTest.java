package io.holdfast.source.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.holdfast.source.Manifest;
import io.holdfast.testkit.RecordingSink;
import io.holdfast.testkit.Watching;

final class GitSourceTest {

    @TempDir
    Path temp;

    private final RecordingSink sink = new RecordingSink();
    private final List<Watching> watchings = new ArrayList<>();
    private Clone clone;
    private JGit git;

    @BeforeEach
    void begin() throws Exception {
        clone = Clone.in(temp);
        git = new JGit(temp.resolve("private"));
    }

    @AfterEach
    void end() throws Exception {
        watchings.forEach(Watching::close);
        git.close();
        assertThat(temp.resolve("private")).as("what the bundle leaves behind").doesNotExist();
    }

    @Test
    void origins_are_paths_in_the_repository() throws Exception {
        clone.put("node1/web.yaml", "a");
        watch(Map.of("repository", "file://" + clone.bare(), "folder", "/node1/"));
        sink.awaitTexts(Map.of("node1/web.yaml", "a"));
    }

    @Test // F2
    void only_manifests_directly_in_the_folder_count() throws Exception {
        clone.write("web.yaml", "a").write("api.yml", "b").write("db.json", "c").write(".hidden.yaml", "x")
                .write("README.md", "x").write("more/deep.yaml", "x").write("dir.yaml/x.txt", "x").commit();
        watch(path());
        sink.awaitTexts(Map.of("web.yaml", "a", "api.yml", "b", "db.json", "c"));
    }

    @Test // F3, F9
    void what_cannot_be_a_manifest_is_unreadable_and_not_gone() throws Exception {
        Files.write(clone.work().resolve("huge.yaml"), new byte[Manifest.Text.MAX_BYTES + 1]);
        Files.createSymbolicLink(clone.work().resolve("link.yaml"), Path.of("/etc/passwd"));
        clone.write("empty.yaml", "").write("web.yaml", "a").commit();
        watch(path());
        sink.awaitTexts(Map.of("huge.yaml", "unreadable: larger than 10 MiB", "empty.yaml",
                "unreadable: the file is empty", "link.yaml",
                "unreadable: it is a symbolic link, which is not followed in a Git repository", "web.yaml", "a"));
    }

    @Test
    void a_branch_is_followed_even_when_its_history_is_rewritten() throws Exception {
        clone.git("checkout", "-q", "-b", "production");
        clone.put("web.yaml", "a");
        clone.git("checkout", "-q", "main");
        clone.put("web.yaml", "not this");
        watch(Map.of("repository", clone.bare().toString(), "branch", "production"));
        sink.awaitTexts(Map.of("web.yaml", "a"));
        clone.git("checkout", "-q", "production");
        clone.write("web.yaml", "b");
        clone.git("commit", "-q", "-a", "--amend", "-m", "rewritten");
        clone.push();
        sink.awaitTexts(Map.of("web.yaml", "b"));
    }

    @Test
    void a_repository_on_this_machine_is_read_where_it_is() throws Exception {
        clone.put("web.yaml", "a");
        JGit.delete(temp.resolve("private")); // where others are fetched to
        watch(Map.of("repository", clone.work().toString()));
        sink.awaitTexts(Map.of("web.yaml", "a"));
    }

    @Test
    void a_branch_that_is_gone_is_a_failure() throws Exception {
        clone.git("checkout", "-q", "-b", "production");
        clone.put("web.yaml", "a");
        watch(Map.of("repository", clone.bare().toString(), "branch", "production"));
        sink.awaitTexts(Map.of("web.yaml", "a"));
        clone.git("push", "-q", "origin", "--delete", "production");
        assertThat(failure()).isEqualTo(clone.bare() + ": it has no branch 'production'; the pods stay as they are");
        assertThat(sink.current().texts()).isEqualTo(Map.of("web.yaml", "a"));
    }

    @Test
    void a_repository_that_is_gone_is_a_failure() throws Exception {
        clone.put("web.yaml", "a");
        watch(path());
        sink.awaitTexts(Map.of("web.yaml", "a"));
        Files.move(clone.bare(), temp.resolve("elsewhere"));
        assertThat(failure()).endsWith("; the pods stay as they are"); // perhaps in the middle of a poll
        watch(path());
        assertThat(failure()).isEqualTo(clone.bare() + ": not found; the pods stay as they are");
        assertThat(sink.current().texts()).isEqualTo(Map.of("web.yaml", "a"));
    }

    @Test
    void a_repository_without_a_commit_is_a_failure() throws Exception {
        Path empty = Files.createDirectory(temp.resolve("empty"));
        new ProcessBuilder("git", "init", "-q", "--bare", empty.toString()).start().waitFor();
        watch(Map.of("repository", empty.toString()));
        assertThat(failure()).contains("its HEAD names no branch that has a commit; say which one with 'branch'");
    }

    @Test
    void a_folder_that_is_misspelt_or_gone_is_a_failure() throws Exception {
        clone.put("node1/web.yaml", "a");
        watch(Map.of("repository", clone.bare().toString(), "folder", "nod1"));
        assertThat(failure()).contains("no folder 'nod1' in commit ");
        watch(Map.of("repository", clone.bare().toString(), "folder", "node1"));
        sink.awaitTexts(Map.of("node1/web.yaml", "a"));
        clone.remove("node1/web.yaml");
        assertThat(failure()).contains("no folder 'node1' in commit ").contains("leave another file in it");
        assertThat(sink.current().texts()).isEqualTo(Map.of("node1/web.yaml", "a"));
    }

    @Test
    void a_folder_with_other_files_only_says_that_there_are_no_manifests() throws Exception {
        clone.write("node1/.gitkeep", "").put("node1/web.yaml", "a");
        watch(Map.of("repository", clone.bare().toString(), "folder", "node1"));
        sink.awaitTexts(Map.of("node1/web.yaml", "a"));
        clone.remove("node1/web.yaml");
        sink.awaitTexts(Map.of());
    }

    @Test // H4
    void an_unchanged_branch_is_asked_for_and_never_fetched_again() throws Exception {
        clone.put("web.yaml", "a");
        try (Server server = new Server(temp)) {
            watch(Map.of("repository", server.url("pods.git")));
            int first = sink.awaitReading().readings();
            sink.await("five polls more", r -> r.readings() >= first + 5);
            var fetches = server.requests().stream().filter(r -> r.body().contains("command=fetch")).toList();
            assertThat(fetches).hasSize(1);
            assertThat(fetches.getFirst().body()).as("no history").contains("deepen 1");
        }
    }

    @Test // H3
    void a_server_that_fails_is_asked_again_after_a_period_and_not_when_the_core_asks() throws Exception {
        Map<String, Object> nobody = Map.of("repository", "http://127.0.0.1:1/pods.git");
        GitSource source = Sources.source(git, nobody, Duration.ofSeconds(1));
        watch(source);
        assertThat(failure()).startsWith("http://127.0.0.1:1/pods.git: Connection refused")
                .endsWith("; the pods stay as they are");
        long failed = System.nanoTime();
        watch(source);
        failure();
        assertThat(Duration.ofNanos(System.nanoTime() - failed)).isGreaterThan(Duration.ofMillis(800));
    }

    @Test
    void a_token_is_read_for_each_poll() throws Exception {
        clone.put("web.yaml", "a");
        Path file = Files.writeString(temp.resolve("token"), "old-secret\n");
        try (Server server = new Server(temp)) {
            server.require("new-secret");
            GitSource source = Sources.source(git,
                    Map.of("repository", server.url("pods.git"), "token.file", file.toString()));
            watch(source);
            assertThat(failure()).contains("not authorized").doesNotContain("secret");
            Files.writeString(file, "new-secret\n");
            watch(source);
            sink.awaitTexts(Map.of("web.yaml", "a"));
            Files.delete(file);
            assertThat(failure()).contains("cannot read 'token.file'").contains("no such file");
        }
    }

    @Test
    void a_token_is_not_given_to_another_server() throws Exception {
        try (Server server = new Server(temp); Server other = new Server(temp)) {
            server.redirectTo(other.url("").replaceAll("/$", ""));
            other.require("secret");
            Path file = Files.writeString(temp.resolve("token"), "secret");
            watch(Map.of("repository", server.url("pods.git"), "token.file", file.toString()));
            assertThat(failure()).doesNotContain("secret");
            assertThat(other.requests()).isNotEmpty()
                    .allSatisfy(request -> assertThat(request.authorization()).isEmpty());
        }
    }

    @Test
    void an_interrupt_ends_waiting_for_a_server_that_says_nothing() throws Exception {
        try (var silent = new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            Watching watching = watch(
                    Map.of("repository", "http://127.0.0.1:" + silent.getLocalPort() + "/pods.git"));
            try (var _ = silent.accept()) {
                assertThat(watching.interrupt()).as("ended within a second").isTrue();
            }
        }
    }

    @Test
    void a_server_that_says_nothing_is_a_failure_after_the_timeout() throws Exception {
        try (var silent = new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            watch(Map.of("repository", "http://127.0.0.1:" + silent.getLocalPort() + "/pods.git", "timeout", 1));
            assertThat(failure()).containsIgnoringCase("timed out");
        }
    }

    @Test
    void a_bad_configuration_is_refused_with_what_was_expected() {
        String of = "io.holdfast.source.git~pods: ";
        String repository = of + "'repository' must be an absolute path, or a URL that begins with https, http, git or file";
        assertThatThrownBy(() -> Sources.settings(Map.of())).hasMessage(repository);
        assertThatThrownBy(() -> Sources.settings(Map.of("repository", "pods.git"))).hasMessage(repository);
        assertThatThrownBy(() -> Sources.settings(Map.of("repository", "ssh://h/pods.git"))).hasMessage(repository);
        assertThatThrownBy(() -> Sources.settings(Map.of("repository", "git@h:pods.git"))).hasMessage(repository);
        assertThatThrownBy(() -> Sources.settings(Map.of("repository", "https://me:secret@h/pods.git")))
                .hasMessage(of + "'repository' must be without a password, which belongs into 'token.file'");
        assertThatThrownBy(() -> Sources.settings(Map.of("repository", "http://h/pods.git", "token.file", "/t")))
                .hasMessageStartingWith(of + "'repository' must be an https URL when there is a 'token.file'");
        assertThatThrownBy(() -> Sources.settings(Map.of("repository", "/pods.git", "period", 0)))
                .hasMessage(of + "'period' must be seconds, 1 or more");
    }

    @Test
    void a_misspelt_key_is_named_even_if_it_is_one_that_must_be_there() {
        Map<String, Object> optional = Map.of("repository", "/pods.git", "foldr", "x");
        assertThatThrownBy(() -> new GitSource(git, Sources.config(optional), optional))
                .hasMessageContaining("did you mean 'folder'?");
        Map<String, Object> required = Map.of("repositry", "/pods.git");
        assertThatThrownBy(() -> new GitSource(git, Sources.config(required), required))
                .hasMessageContaining("did you mean 'repository'?");
    }

    private Map<String, Object> path() {
        return Map.of("repository", clone.bare().toString());
    }

    private Watching watch(Map<String, Object> configuration) {
        return watch(Sources.source(git, configuration));
    }

    private Watching watch(GitSource source) {
        watchings.forEach(Watching::close);
        watchings.addLast(Watching.start(source, sink));
        return watchings.getLast();
    }

    private String failure() throws InterruptedException {
        return String.valueOf(watchings.getLast().failure().getMessage());
    }
}
