package io.holdfast.shell;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.holdfast.cell.Cell;

final class PodLogsTest {

    private static final Duration DEADLINE = Duration.ofSeconds(10);

    @TempDir
    Path directory;

    private final Cell<String> seen = new Cell<>("");
    private final ByteArrayOutputStream out = new ByteArrayOutputStream() {
        @Override
        public void write(byte[] bytes) {
            seen.update(text -> text + new String(bytes, UTF_8));
        }
    };

    @Test // G2
    void the_format_of_the_runtime_is_taken_off_and_partial_lines_are_put_together() throws Exception {
        Path log = directory.resolve("0.log");
        Files.writeString(log, line("F", "one") + line("P", "tw") + line("F", "o") + line("F", "") + "odd\n");
        PodLogs.print(log, -1, out);
        assertThat(seen.value()).isEqualTo("one\ntwo\n\nodd\n");
    }

    @Test
    void a_tail_counts_whole_lines() throws Exception {
        Path log = directory.resolve("0.log");
        Files.writeString(log, line("F", "one") + line("F", "two") + line("P", "thr") + line("F", "ee"));
        PodLogs.print(log, 2, out);
        assertThat(seen.value()).isEqualTo("two\nthree\n");
    }

    @Test
    void a_file_larger_than_the_buffer_is_read_completely() throws Exception {
        Path log = directory.resolve("0.log");
        String text = "x".repeat(16_000);
        Files.writeString(log, (line("P", text) + line("P", text) + line("F", text)).repeat(20));
        PodLogs.print(log, -1, out);
        assertThat(seen.value()).hasSize(20 * (3 * text.length() + 1));
    }

    @Test // G2, C7
    void following_goes_on_over_rotation_and_restart_until_the_pod_is_gone() throws Exception {
        Path first = directory.resolve("0.log");
        Path second = directory.resolve("1.log");
        Files.writeString(first, line("F", "one"));
        Cell<Optional<PodLogs.Where>> where = new Cell<>(Optional.of(new PodLogs.Where(first, false)));
        Thread follower = Thread.ofVirtual().start(() -> follow(where, first));

        await("one\n");
        append(first, line("F", "two"));
        await("one\ntwo\n");

        Files.move(first, directory.resolve("0.log.20260501"));
        append(directory.resolve("0.log.20260501"), line("F", "three")); // before the file is opened again
        Files.writeString(first, line("F", "four"));
        await("one\ntwo\nthree\nfour\n");

        Files.writeString(second, line("F", "five"));
        where.set(Optional.of(new PodLogs.Where(second, false)));
        await("one\ntwo\nthree\nfour\nfive\n");

        append(second, line("F", "six"));
        where.set(Optional.empty());
        await("one\ntwo\nthree\nfour\nfive\nsix\n");
        assertThat(follower.join(DEADLINE)).isTrue();
    }

    @Test
    void following_ends_with_an_interrupt() throws Exception {
        Path log = Files.writeString(directory.resolve("0.log"), line("F", "one"));
        Cell<Optional<PodLogs.Where>> where = new Cell<>(Optional.of(new PodLogs.Where(log, false)));
        Thread follower = Thread.ofVirtual().start(() -> follow(where, log));
        await("one\n");
        follower.interrupt();
        assertThat(follower.join(DEADLINE)).isTrue();
    }

    @Test
    void following_what_has_ended_ends() throws Exception {
        Path log = Files.writeString(directory.resolve("0.log"), line("F", "one"));
        PodLogs.follow(() -> Optional.of(new PodLogs.Where(log, true)), log, -1, out);
        assertThat(seen.value()).isEqualTo("one\n");
    }

    private void follow(Cell<Optional<PodLogs.Where>> where, Path first) {
        try {
            PodLogs.follow(where::value, first, -1, out);
        } catch (IOException | InterruptedException e) {
            seen.update(text -> text + e);
        }
    }

    private void await(String expected) throws InterruptedException {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        Cell.Versioned<String> now = seen.current();
        while (!now.value().equals(expected) && System.nanoTime() < deadline) {
            now = seen.after(now.version(), Duration.ofMillis(100));
        }
        assertThat(now.value()).isEqualTo(expected);
    }

    private static void append(Path file, String text) throws IOException {
        Files.writeString(file, text, StandardOpenOption.APPEND);
    }

    private static String line(String tag, String text) {
        return "2026-05-01T12:00:00.123456789Z stdout " + tag + " " + text + "\n";
    }
}
