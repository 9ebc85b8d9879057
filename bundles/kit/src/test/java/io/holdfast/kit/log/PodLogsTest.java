package io.holdfast.kit.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.holdfast.cell.Cell;
import io.holdfast.kit.log.PodLogs.Next;

final class PodLogsTest {

    private static final Duration DEADLINE = Duration.ofSeconds(10);

    @TempDir
    Path directory;

    private final Cell<String> seen = new Cell<>("");
    private final ByteArrayOutputStream out = new ByteArrayOutputStream() {
        @Override
        public synchronized void write(byte[] bytes, int from, int length) {
            seen.update(text -> text + new String(bytes, from, length, UTF_8));
        }
    };

    @Test // G2
    void the_format_of_the_runtime_is_taken_off_and_partial_lines_are_put_together() throws Exception {
        Path log = directory.resolve("0.log");
        Files.writeString(log, line("F", "one") + line("P", "tw") + line("F", "o") + line("F", "") + "odd\n");
        PodLogs.print(log, LogOptions.ALL, out);
        assertThat(seen.value()).isEqualTo("one\ntwo\n\nodd\n");
    }

    @Test
    void a_tail_counts_whole_lines() throws Exception {
        Path log = directory.resolve("0.log");
        Files.writeString(log, line("F", "one") + line("F", "two") + line("P", "thr") + line("F", "ee"));
        PodLogs.print(log, LogOptions.ALL.tail(2), out);
        assertThat(seen.value()).isEqualTo("two\nthree\n");
    }

    @Test
    void a_file_larger_than_the_buffer_is_read_completely() throws Exception {
        Path log = directory.resolve("0.log");
        String text = "x".repeat(16_000);
        Files.writeString(log, (line("P", text) + line("P", text) + line("F", text)).repeat(20));
        PodLogs.print(log, LogOptions.ALL, out);
        assertThat(seen.value()).hasSize(20 * (3 * text.length() + 1));
    }

    @Test // G2, C7
    void following_goes_on_over_rotation_and_restart_until_the_pod_is_gone() throws Exception {
        Path first = directory.resolve("0.log");
        Path second = directory.resolve("1.log");
        Files.writeString(first, line("F", "one"));
        Cell<Next> where = new Cell<>(new Next.File(first, false));
        Thread follower = Thread.ofVirtual().start(() -> follow(where, first));

        await("one\n");
        append(first, line("F", "two"));
        await("one\ntwo\n");

        Files.move(first, directory.resolve("0.log.20260501"));
        append(directory.resolve("0.log.20260501"), line("F", "three")); // before the file is opened again
        Files.writeString(first, line("F", "four"));
        await("one\ntwo\nthree\nfour\n");

        Files.writeString(second, line("F", "five"));
        where.set(new Next.File(second, false));
        await("one\ntwo\nthree\nfour\nfive\n");

        where.set(new Next.Unknown());
        append(second, line("F", "six"));
        await("one\ntwo\nthree\nfour\nfive\nsix\n");

        append(second, line("F", "seven"));
        where.set(new Next.Gone());
        await("one\ntwo\nthree\nfour\nfive\nsix\nseven\n");
        assertThat(follower.join(DEADLINE)).isTrue();
    }

    @Test
    void following_ends_with_an_interrupt() throws Exception {
        Path log = Files.writeString(directory.resolve("0.log"), line("F", "one"));
        Cell<Next> where = new Cell<>(new Next.File(log, false));
        Thread follower = Thread.ofVirtual().start(() -> follow(where, log));
        await("one\n");
        follower.interrupt();
        assertThat(follower.join(DEADLINE)).isTrue();
    }

    @Test
    void following_what_has_ended_ends() throws Exception {
        Path log = Files.writeString(directory.resolve("0.log"), line("F", "one"));
        PodLogs.follow(() -> new Next.File(log, true), log, LogOptions.ALL, out);
        assertThat(seen.value()).isEqualTo("one\n");
    }

    @Test // L3
    void a_tail_begins_in_the_files_that_were_rotated() throws Exception {
        Path log = directory.resolve("0.log");
        rotated("0.log.2", line("F", "one") + line("F", "two"), 3);
        rotated("0.log.1", line("F", "three") + line("P", "fo"), 2);
        rotated("0.log.9.gz", "compressed", 1);
        Files.writeString(log, line("F", "ur") + line("F", "five"));
        assertThat(printed(log, LogOptions.ALL)).isEqualTo("one\ntwo\nthree\nfour\nfive\n");
        assertThat(printed(log, LogOptions.ALL.tail(0))).isEmpty();
        assertThat(printed(log, LogOptions.ALL.tail(1))).isEqualTo("five\n");
        assertThat(printed(log, LogOptions.ALL.tail(3))).endsWith("three\nfour\nfive\n").doesNotContain("two");
        assertThat(printed(log, LogOptions.ALL.tail(99))).startsWith("one\n");
    }

    @Test
    void a_tail_of_many_lines_is_found_across_blocks() throws Exception {
        Path log = directory.resolve("0.log");
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 5_000; i++) {
            lines.append(line("F", i + "x".repeat(i % 200)));
        }
        Files.writeString(log, lines + "2026-05-01T12:00:00Z stdout F not complete yet");
        for (int tail : new int[]{1, 7, 999, 4_999, 5_000, 6_000}) {
            String[] printed = printed(log, LogOptions.ALL.tail(tail)).split("\n");
            assertThat(printed).hasSize(Math.min(tail, 5_000));
            assertThat(printed[0]).matches(Math.max(0, 5_000 - tail) + "x*");
        }
    }

    @Test
    void only_what_was_written_since_is_shown_with_its_time() throws Exception {
        Path log = directory.resolve("0.log");
        Files.writeString(log, """
                2026-05-01T12:00:00.1Z stdout F one
                2026-05-01T14:00:01.25+02:00 stderr P tw
                2026-05-01T14:00:02+02:00 stderr F o
                2026-05-01T12:00:03Z stdout F three
                """);
        LogOptions options = LogOptions.ALL.since(Instant.parse("2026-05-01T12:00:01Z")).timestamps(true);
        assertThat(printed(log, options)).isEqualTo("""
                2026-05-01T14:00:01.250000000+02:00 two
                2026-05-01T12:00:03.000000000Z three
                """);
    }

    @Test
    void no_more_bytes_are_written_than_wanted() throws Exception {
        Path log = Files.writeString(directory.resolve("0.log"), line("F", "one") + line("F", "two"));
        assertThat(printed(log, LogOptions.ALL.limitBytes(6))).isEqualTo("one\ntw");
        PodLogs.follow(() -> new Next.File(log, false), log, LogOptions.ALL.limitBytes(6), out);
        assertThat(seen.value()).isEqualTo("one\ntw");
    }

    @Test
    void an_entry_without_end_is_passed_on_as_it_comes() throws Exception {
        Path log = Files.writeString(directory.resolve("0.log"), line("P", "on"));
        Thread follower = Thread.ofVirtual().start(() -> follow(new Cell<>(new Next.File(log, false)), log));
        await("on");
        append(log, line("P", "go") + "2026-05-01T12:00:00.123456789Z stdout P i");
        await("ongo");
        append(log, "ng\n");
        await("ongoing");
        follower.interrupt();
        assertThat(follower.join(DEADLINE)).isTrue();
    }

    private static String printed(Path log, LogOptions options) throws IOException {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PodLogs.print(log, options, printed);
        return printed.toString(UTF_8);
    }

    private void rotated(String name, String content, int hoursAgo) throws IOException {
        Path file = Files.writeString(directory.resolve(name), content);
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(3600L * hoursAgo)));
    }

    private void follow(Cell<Next> where, Path first) {
        try {
            PodLogs.follow(where::value, first, LogOptions.ALL, out);
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
