package io.holdfast.source.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.holdfast.source.Manifest;
import io.holdfast.source.ManifestSink;
import io.holdfast.testkit.RecordingSink;
import io.holdfast.testkit.Watching;

/** Saving a manifest in an editor never looks as if it had been deleted: the pod would be killed. */
final class EditorTest {

    @TempDir
    Path temp;

    private final RecordingSink sink = new RecordingSink();
    private final List<Integer> sizes = new ArrayList<>();
    private Folder folder;
    private Watching watching;

    @BeforeEach
    void begin() throws Exception {
        folder = new Folder(Files.createDirectory(temp.resolve("manifests")));
        folder.write("web.yaml", "replicas: one\n");
        FileSource source = folder.source();
        watching = Watching.start(to -> source.watch(counting(to)), sink);
        sink.awaitTexts(Map.of("web.yaml", "replicas: one\n"));
    }

    @AfterEach
    void end() {
        watching.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"backup", "nobackup writebackup", "nobackup nowritebackup", "backupcopy=no",
            "backupcopy=yes"})
    void vim_saves_without_a_gap(String options) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/vim")), "vim is installed");
        Process vim = new ProcessBuilder("vim", "-u", "NONE", "-Es", "-c", "set swapfile " + options, "-c",
                "%s/one/two/", "-c", "wq", folder.path().resolve("web.yaml").toString())
                .redirectErrorStream(true).start();
        assertThat(vim.waitFor(10, TimeUnit.SECONDS)).isTrue();
        awaitSavedWithoutAGap();
    }

    @Test
    void an_editor_that_pauses_between_moving_the_old_file_away_and_writing_the_new_one_leaves_no_gap()
            throws Exception {
        folder.write("4913", "");
        folder.delete("4913");
        Files.move(folder.path().resolve("web.yaml"), folder.path().resolve("web.yaml~"));
        folder.rename("tick.yaml", "t"); // the source has seen what was before
        sink.await("the tick", r -> r.texts().containsKey("tick.yaml"));
        assertThat(sink.current().texts()).containsKey("web.yaml");
        folder.write("web.yaml", "replicas: two\n");
        folder.delete("web.yaml~");
        folder.delete("tick.yaml");
        sink.awaitTexts(Map.of("web.yaml", "replicas: two\n"));
    }

    @Test
    void a_backup_in_another_directory_leaves_no_gap_when_vim_has_tried_the_directory() throws Exception {
        folder.write("4913", "");
        folder.delete("4913");
        Files.move(folder.path().resolve("web.yaml"), temp.resolve("web.yaml~"));
        folder.rename("tick.yaml", "t");
        sink.await("the tick", r -> r.texts().containsKey("tick.yaml"));
        assertThat(sink.current().texts()).containsKey("web.yaml");
    }

    @Test
    void a_file_that_stays_away_is_deleted_even_if_an_editor_left_something_behind() throws Exception {
        Files.move(folder.path().resolve("web.yaml"), folder.path().resolve("web.yaml~"));
        sink.awaitTexts(Map.of());
    }

    @Test
    void unlinking_and_writing_again_at_once_leaves_no_gap() throws Exception {
        folder.delete("web.yaml");
        folder.write("web.yaml", "replicas: two\n");
        awaitSavedWithoutAGap();
    }

    private void awaitSavedWithoutAGap() throws InterruptedException {
        sink.awaitTexts(Map.of("web.yaml", "replicas: two\n"));
        synchronized (sizes) {
            assertThat(sizes).containsOnly(1);
        }
    }

    private ManifestSink counting(ManifestSink to) {
        return manifests -> {
            synchronized (sizes) {
                sizes.add(manifests.size());
            }
            to.replace(manifests);
        };
    }
}
