package io.holdfast.source.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.holdfast.source.FileNames;
import io.holdfast.source.Manifest;
import io.holdfast.testkit.RecordingSink;
import io.holdfast.testkit.RecordingSink.Report;
import io.holdfast.testkit.Watching;

final class FileSourceTest {

    @TempDir
    Path temp;

    private final RecordingSink sink = new RecordingSink();
    private Folder folder;
    private final Deque<Watching> watchings = new ArrayDeque<>();

    @BeforeEach
    void begin() throws Exception {
        folder = new Folder(Files.createDirectory(temp.resolve("manifests")));
    }

    @AfterEach
    void end() {
        watchings.forEach(Watching::close);
    }

    @Test
    void names_that_are_usual_count_by_default() throws Exception { // F2
        assertThat((String[]) FileSource.Config.class.getDeclaredMethod("extensions").getDefaultValue())
                .containsExactlyElementsOf(FileNames.USUAL.extensions());
    }

    @Test // F1
    void one_file_may_be_configured_and_its_neighbours_do_not_matter() throws Exception {
        Path one = folder.write("web.conf", "a");
        folder.write("other.yaml", "b");
        watch(Folder.source(one, Map.of()));
        sink.awaitTexts(Map.of("web.conf", "a"));
        folder.rename("web.conf", "a2");
        sink.awaitTexts(Map.of("web.conf", "a2"));
        folder.delete("web.conf");
        sink.awaitTexts(Map.of());
    }

    @Test // F2
    void hidden_files_leftovers_and_subdirectories_are_not_read() throws Exception {
        folder.write("web.yaml", "a");
        folder.write(".hidden.yaml", "b");
        folder.write("web.yaml~", "b");
        folder.write("notes.txt", "b");
        Files.writeString(Files.createDirectory(folder.path().resolve("sub.yaml")).resolve("x.yaml"), "b");
        watch();
        sink.awaitTexts(Map.of("web.yaml", "a"));
    }

    @Test // F2
    void symbolic_links_are_followed() throws Exception {
        Path target = Files.writeString(temp.resolve("target"), "a");
        Files.createSymbolicLink(folder.path().resolve("web.yaml"), target);
        watch(folder.source(Map.of("rescan", 1)));
        sink.awaitTexts(Map.of("web.yaml", "a"));
        Files.writeString(target, "a2"); // out of sight of the kernel's notices: the rescan finds it
        sink.awaitTexts(Map.of("web.yaml", "a2"));
    }

    @Test
    void a_dangling_link_is_unreadable_and_not_gone() throws Exception {
        Files.createSymbolicLink(folder.path().resolve("web.yaml"), temp.resolve("nowhere"));
        watch();
        assertThat(sink.awaitReading().texts().get("web.yaml")).startsWith("unreadable: it is a symbolic link");
    }

    @Test // F3
    void a_file_of_more_than_10_mib_is_unreadable() throws Exception {
        Files.write(folder.path().resolve("full.yaml"), new byte[Manifest.Text.MAX_BYTES]);
        Files.write(folder.path().resolve("over.yaml"), new byte[Manifest.Text.MAX_BYTES + 1]);
        watch();
        Report report = sink.awaitReading();
        assertThat(report.texts()).containsEntry("over.yaml", "unreadable: larger than 10 MiB");
        assertThat(report.manifests()).filteredOn(Manifest.Text.class::isInstance).hasSize(1);
    }

    @Test // F4
    void a_file_that_is_being_written_is_believed_only_when_it_is_complete() throws Exception {
        watch(folder.source(Map.of("settle", 300)));
        sink.awaitReading();
        try (OutputStream out = Files.newOutputStream(folder.path().resolve("web.yaml"))) {
            for (String chunk : new String[] {"kind: ", "Pod", "\n"}) {
                out.write(chunk.getBytes(UTF_8));
                folder.rename("tick.yaml", chunk);
                sink.await(chunk, r -> chunk.equals(r.texts().get("tick.yaml")));
                assertThat(sink.current().texts()).doesNotContainKey("web.yaml");
            }
        }
        sink.await("the whole file", r -> "kind: Pod\n".equals(r.texts().get("web.yaml")));
    }

    @Test // F4
    void a_first_reading_waits_for_a_file_that_is_being_written() throws Exception {
        folder.write("web.yaml", "a");
        watch(folder.source(Map.of("settle", 200)));
        assertThat(sink.awaitReading().texts()).isEqualTo(Map.of("web.yaml", "a"));
    }

    @Test // F4
    void a_first_reading_holds_what_goes_on_being_written() throws Exception {
        folder.write("web.yaml", "a");
        watch(folder.source(Map.of("settle", 60_000)));
        assertThat(sink.awaitReading().texts()).isEqualTo(Map.of("web.yaml", "unreadable: it is still being written"));
    }

    @Test
    void an_empty_file_is_unreadable_once_it_has_settled() throws Exception {
        watch();
        sink.awaitReading();
        folder.write("web.yaml", "");
        sink.awaitTexts(Map.of("web.yaml", "unreadable: the file is empty"));
        folder.write("web.yaml", "a");
        sink.awaitTexts(Map.of("web.yaml", "a"));
    }

    @Test // F4
    void a_change_without_a_notice_is_found_by_the_rescan() throws Exception {
        folder.write("web.yaml", "a");
        watch(folder.source(Map.of("rescan", 1)));
        int first = sink.awaitReading().readings();
        sink.await("two further readings", r -> r.readings() >= first + 2);
        assertThat(sink.current().texts()).isEqualTo(Map.of("web.yaml", "a"));
    }

    @Test // F5b
    void a_directory_that_is_missing_is_a_failure_and_its_return_is_read() throws Exception {
        folder.write("web.yaml", "a");
        FileSource source = folder.source();
        watch(source);
        sink.awaitTexts(Map.of("web.yaml", "a"));
        Files.move(folder.path(), temp.resolve("moved"));
        assertThat(watchings.getLast().failure()).hasMessageContaining("manifests: the directory is gone");
        watch(source);
        assertThat(watchings.getLast().failure()).hasMessageContaining("no such directory");
        Files.move(temp.resolve("moved"), folder.path());
        watch(source);
        folder.rename("api.yaml", "b");
        sink.awaitTexts(Map.of("web.yaml", "a", "api.yaml", "b"));
    }

    @Test // F5b
    void an_empty_directory_in_place_of_a_full_one_is_not_believed() throws Exception {
        folder.write("web.yaml", "a");
        FileSource source = folder.source();
        watch(source);
        sink.awaitTexts(Map.of("web.yaml", "a"));
        Files.move(folder.path(), temp.resolve("mounted"));
        Files.createDirectory(folder.path());
        assertThat(watchings.getLast().failure()).hasMessageContaining("another directory has taken its place");
        watch(source);
        assertThat(watchings.getLast().failure()).hasMessageContaining("was something unmounted?");
        folder.write("api.yaml", "b");
        watch(source);
        sink.awaitTexts(Map.of("api.yaml", "b"));
    }

    @Test // F5b
    void deleting_all_files_of_a_directory_that_is_there_is_an_empty_reading() throws Exception {
        folder.write("web.yaml", "a");
        folder.write("api.yaml", "b");
        watch();
        sink.awaitTexts(Map.of("web.yaml", "a", "api.yaml", "b"));
        folder.delete("web.yaml");
        folder.delete("api.yaml");
        sink.awaitTexts(Map.of());
    }

    @Test // F6
    void identical_content_is_the_same_manifest() throws Exception {
        folder.write("web.yaml", "a");
        watch();
        Manifest before = sink.awaitTexts(Map.of("web.yaml", "a")).manifests().getFirst();
        folder.rename("web.yaml", "a");
        folder.rename("z.yaml", "z"); // is seen later than the one before
        Report report = sink.awaitTexts(Map.of("web.yaml", "a", "z.yaml", "z"));
        assertThat(report.manifests().getFirst()).isSameAs(before);
    }

    @Test // F8
    void a_fifo_is_skipped_and_never_opened() throws Exception {
        Path fifo = folder.path().resolve("pipe.yaml");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor()).isZero();
        Files.createSymbolicLink(folder.path().resolve("link.yaml"), fifo);
        Files.createSymbolicLink(folder.path().resolve("null.yaml"), Path.of("/dev/null"));
        folder.write("web.yaml", "a");
        watch();
        sink.awaitTexts(Map.of("web.yaml", "a"));
        folder.rename("api.yaml", "b");
        sink.awaitTexts(Map.of("web.yaml", "a", "api.yaml", "b"));
    }

    @Test // F9
    void a_file_that_cannot_be_read_is_an_error_of_that_file_alone() throws Exception {
        folder.write("web.yaml", "a");
        Path loop = folder.path().resolve("loop.yaml");
        Files.createSymbolicLink(loop, loop);
        watch();
        Report report = sink.awaitReading();
        assertThat(report.texts()).containsEntry("web.yaml", "a");
        assertThat(report.texts().get("loop.yaml")).startsWith("unreadable: ");
    }

    @Test
    void a_file_that_others_may_write_is_read_with_a_warning_or_refused_when_strict() throws Exception {
        Path web = folder.write("web.yaml", "a");
        Files.setPosixFilePermissions(web, PosixFilePermissions.fromString("rw-rw-r--"));
        watch();
        sink.awaitTexts(Map.of("web.yaml", "a"));
        watch(folder.source(Map.of("strict", true)));
        sink.await("a refusal", r -> r.texts().getOrDefault("web.yaml", "")
                .contains("group or others may write it (mode 0664)"));
        Files.setPosixFilePermissions(web, PosixFilePermissions.fromString("rw-r--r--"));
        sink.awaitTexts(Map.of("web.yaml", "a"));
    }

    @Test
    void a_burst_of_changes_ends_in_the_state_of_the_directory() throws Exception {
        watch();
        sink.awaitReading();
        for (int i = 0; i < 2000; i++) {
            folder.rename("pod-" + i + ".yaml", "a");
        }
        for (int i = 0; i < 2000; i += 2) {
            folder.delete("pod-" + i + ".yaml");
        }
        sink.await("1000 manifests", r -> r.manifests().size() == 1000);
    }

    @Test
    void appending_in_place_is_seen() throws Exception {
        Path web = folder.write("web.yaml", "a");
        watch();
        sink.awaitTexts(Map.of("web.yaml", "a"));
        Files.writeString(web, "b", StandardOpenOption.APPEND);
        sink.awaitTexts(Map.of("web.yaml", "ab"));
    }

    @Test
    void a_bad_configuration_is_refused_with_what_was_expected() {
        assertThatThrownBy(() -> folder.source(Map.of("pat", "x"))).hasMessageContaining("did you mean 'path'?");
        assertThatThrownBy(() -> folder.source(Map.of("rescan", 0)))
                .hasMessage("io.holdfast.source.file~main: 'rescan' must be seconds, 1 or more");
        assertThatThrownBy(() -> folder.source(Map.of("path", " ")))
                .hasMessage("io.holdfast.source.file~main: 'path' must be a directory or a file");
    }

    private void watch() {
        watch(folder.source());
    }

    private void watch(FileSource source) {
        watchings.forEach(Watching::close);
        watchings.addLast(Watching.start(source, sink));
    }
}
