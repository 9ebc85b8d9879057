package io.holdfast.runtime.docker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.holdfast.runtime.docker.LogFile.End;

/** Docker's log files, over rotations and from any place on. */
class JsonLogTest {

    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    Path dir;

    private Path log;

    @BeforeEach
    void name() {
        log = dir.resolve("c-json.log");
    }

    private static String time(int second) {
        return LogEntry.minus(BEGIN.plusSeconds(second) + "", java.time.Duration.ZERO);
    }

    /** As Docker writes it: without the zeros at the end of a time. */
    private static String line(int second, String text) {
        return """
                {"log":"%s\\n","stream":"stdout","time":"%s"}
                """.formatted(text, BEGIN.plusSeconds(second));
    }

    private static String lines(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> line(i, "x" + i)).collect(Collectors.joining());
    }

    private void append(Path to, String text) throws IOException {
        Files.writeString(to, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private Path old(int number) {
        return dir.resolve("c-json.log." + number);
    }

    private JsonLog after(String time, int entries) throws IOException {
        return JsonLog.after(new End(time, entries), log, 5);
    }

    private static List<String> rest(JsonLog log) throws IOException {
        List<String> texts = new ArrayList<>();
        for (LogEntry e = log.next(); e != null; e = log.next()) {
            texts.add(e.text().strip());
        }
        return texts;
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "x" + i).toList();
    }

    @Test
    void anEntryBecomesALineInCriFormat() { // G2
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        LogEntry.of(line(1, "hell\\u00f6 \\\"you\\\"").getBytes(UTF_8)).orElseThrow().write(out);
        LogEntry.of("{\"log\":\"part\",\"stream\":\"stderr\",\"time\":\"2026-01-01T00:00:00.12Z\"}".getBytes(UTF_8))
                .orElseThrow().write(out);
        assertThat(out.toString(UTF_8)).isEqualTo("""
                2026-01-01T00:00:01.000000000Z stdout F hellö "you"
                2026-01-01T00:00:00.120000000Z stderr P part
                """);
    }

    @Test
    void whatIsAddedIsReadOnceItIsWhole() throws Exception {
        append(log, line(1, "one") + line(2, "two").substring(0, 20));
        try (JsonLog reader = after("", 0)) {
            assertThat(rest(reader)).containsExactly("one");
            append(log, line(2, "two").substring(20));
            assertThat(rest(reader)).containsExactly("two");
            assertThat(rest(reader)).isEmpty();
        }
    }

    @Test
    void allFilesAreReadTheOldestFirst() throws Exception {
        append(old(2), lines(0, 3));
        append(old(1), lines(3, 6));
        append(log, lines(6, 9));
        try (JsonLog reader = after("", 0)) {
            assertThat(rest(reader)).isEqualTo(numbers(0, 9));
        }
    }

    @Test
    void aFileThatIsMovedAwayIsReadToItsEndFirst() throws Exception {
        append(log, lines(0, 3));
        try (JsonLog reader = after("", 0)) {
            assertThat(rest(reader)).isEqualTo(numbers(0, 3));
            append(log, lines(3, 5));
            Files.move(log, old(2)); // twice meanwhile
            append(old(1), lines(5, 7));
            append(log, lines(7, 9));
            assertThat(rest(reader)).isEqualTo(numbers(3, 9));
        }
    }

    @Test
    void aSingleFileThatIsEmptiedIsReadFromItsBeginning() throws Exception {
        append(log, lines(0, 3));
        try (JsonLog reader = JsonLog.after(End.NONE, log, 1)) {
            rest(reader);
            Files.writeString(log, line(3, "x3"));
            assertThat(rest(reader)).containsExactly("x3");
        }
    }

    @Test
    void whatWasReadBeforeIsNotReadAgain() throws Exception { // R8
        append(old(1), lines(0, 5000));
        append(log, lines(5000, 10_000));
        for (int seen : new int[] {0, 1, 1234, 4999, 5000, 5001, 7777, 9998, 9999}) {
            try (JsonLog reader = after(time(seen), 1)) {
                assertThat(rest(reader)).as("after %s", seen).isEqualTo(numbers(seen + 1, 10_000));
            }
        }
    }

    @Test
    void ofEntriesOfTheSameTimeThoseAreReadThatWereNot() throws Exception {
        append(log, line(1, "a") + line(2, "b") + line(2, "c") + line(2, "d") + line(3, "e"));
        try (JsonLog reader = after(time(2), 2)) {
            assertThat(rest(reader)).containsExactly("d", "e");
        }
    }

    @Test
    void entriesThatAreNotInTheOrderOfTheirTimesAreNeitherLostNorTwice() throws Exception {
        append(log, line(1, "a") + line(3, "b") + line(2, "c") + line(2, "d") + line(4, "e"));
        try (JsonLog reader = after(time(2), 1)) {
            assertThat(rest(reader)).containsExactly("d", "e");
        }
        try (JsonLog reader = after(time(3), 1)) {
            assertThat(rest(reader)).containsExactly("c", "d", "e");
        }
    }

    @Test
    void whenTheLastThatWasReadIsGoneAllThatIsLaterIsRead() throws Exception {
        append(log, lines(100, 103));
        try (JsonLog reader = after(time(50), 1)) {
            assertThat(rest(reader)).isEqualTo(numbers(100, 103));
        }
    }

    @Test
    void whenAllWasReadOnlyWhatIsNewIsRead() throws Exception {
        append(log, lines(0, 3));
        try (JsonLog reader = after(time(2), 1)) {
            assertThat(rest(reader)).isEmpty();
            append(log, lines(3, 4));
            assertThat(rest(reader)).containsExactly("x3");
        }
    }

    @Test
    void aLineThatAFallingMachineLeftIsNone() throws Exception {
        append(log, line(1, "a") + "\0\0\0\0\n{\"log\n" + line(2, "b"));
        try (JsonLog reader = after("", 0)) {
            assertThat(rest(reader)).containsExactly("a", "b");
        }
    }
}
