package io.holdfast.runtime.docker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.holdfast.kit.log.LogLimits;
import io.holdfast.runtime.docker.LogFile.End;

/** Where a copied log ends, and how it is rotated. */
class LogFileTest {

    private static final LogLimits BIG = LogLimits.of(DockerRuntime.PID, "10m", 5);

    @TempDir
    Path dir;

    private Path log;

    @BeforeEach
    void name() {
        log = dir.resolve("0.log");
    }

    private static String time(int nano) {
        return "2026-01-01T00:00:00.%09dZ".formatted(nano);
    }

    private static String line(int nano, String text) {
        return time(nano) + " stdout F " + text + "\n";
    }

    private End end() throws Exception {
        try (LogFile file = new LogFile(log, BIG)) {
            return file.end();
        }
    }

    @Test
    void aNewLogHasNoEnd() throws Exception {
        assertThat(end()).isEqualTo(End.NONE);
        assertThat(log).exists();
    }

    @Test
    void theEndIsTheTimeOfTheLastEntryAndHowManyShareIt() throws Exception { // R8
        Files.writeString(log, line(1, "a") + line(2, "b") + line(3, "c") + line(3, "d"));
        assertThat(end()).isEqualTo(new End(time(3), 2));
    }

    @Test
    void partsOfAVeryLongLineAreCountedHoweverFarBackTheyBegin() throws Exception {
        String part = line(7, "x".repeat(16_000));
        Files.writeString(log, line(1, "a") + part.repeat(100));
        assertThat(end()).isEqualTo(new End(time(7), 100));
    }

    @Test
    void aLineThatAKilledAgentHasBegunIsCutOff() throws Exception {
        Files.writeString(log, line(1, "a") + line(2, "torn").substring(0, 43));
        assertThat(end()).isEqualTo(new End(time(1), 1));
        assertThat(log).hasContent(line(1, "a"));
    }

    @Test
    void anEmptyLogEndsWhereTheOneBeforeItEnded() throws Exception { // G2
        Path before = Files.writeString(dir.resolve("0.log.20260101-000000"), line(5, "a"));
        Path older = Files.writeString(dir.resolve("0.log.1"), line(4, "a"));
        Files.setLastModifiedTime(older, FileTime.from(Instant.now().minusSeconds(60)));
        Files.writeString(dir.resolve("1.log.1"), line(9, "of another attempt"));
        assertThat(before).exists();
        assertThat(end()).isEqualTo(new End(time(5), 1));
    }

    @Test
    void whatIsNoLogHasNoEnd() throws Exception {
        Files.writeString(log, "hello\n" + "x".repeat(200) + "\n");
        assertThat(end()).isEqualTo(End.NONE);
    }

    @Test
    void itIsRotatedAsDockerRotatesItsOwn() throws Exception { // G2
        try (LogFile file = new LogFile(log, LogLimits.of(DockerRuntime.PID, "100", 3))) {
            for (int i = 1; i <= 8; i++) {
                file.write(line(i, "x").getBytes(UTF_8));
            }
        }
        assertThat(log).hasContent(line(7, "x") + line(8, "x"));
        assertThat(dir.resolve("0.log.1")).hasContent(line(5, "x") + line(6, "x"));
        assertThat(dir.resolve("0.log.2")).hasContent(line(3, "x") + line(4, "x"));
        assertThat(dir).isDirectoryNotContaining(f -> f.getFileName().toString().equals("0.log.3"));
    }

    @Test
    void ofASingleFileOnlyTheNewestLinesStay() throws Exception {
        try (LogFile file = new LogFile(log, LogLimits.of(DockerRuntime.PID, "100", 1))) {
            for (int i = 1; i <= 3; i++) {
                file.write(line(i, "x").getBytes(UTF_8));
            }
        }
        assertThat(log).hasContent(line(3, "x"));
        assertThat(dir.toFile().list()).hasSize(1);
    }

    @Test
    void afterItWasMovedAwayItIsWrittenAnew() throws Exception { // G2
        try (LogFile file = new LogFile(log, BIG)) {
            file.write(line(1, "a").getBytes(UTF_8));
            Files.move(log, dir.resolve("moved"));
            file.reopen();
            assertThat(log).exists();
            file.write(line(2, "b").getBytes(UTF_8));
        }
        assertThat(log).hasContent(line(2, "b"));
        assertThat(dir.resolve("moved")).hasContent(line(1, "a"));
    }

    @Test
    void withoutItsDirectoryThereIsNone() {
        assertThatThrownBy(() -> new LogFile(dir.resolve("gone/0.log"), BIG).close())
                .isInstanceOf(NoSuchFileException.class);
    }
}
