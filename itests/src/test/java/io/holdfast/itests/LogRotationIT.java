package io.holdfast.itests;

import static io.holdfast.itests.Lab.soon;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Behaviour G2: logs do not fill the disk, and nothing is lost where they are cut. */
class LogRotationIT {

    private static final int MOST_FILES = 4;
    private static final List<String> ALL = IntStream.range(0, 3000).mapToObj(i -> i / 10 + "" + i % 10).toList();

    @RegisterExtension
    final Lab lab = new Lab();

    /** Slowly enough for a rotation in between, as an engine is asked every ten seconds. */
    @Test
    void aLogIsCutWhileItIsWrittenAndNoLineIsLost() throws Exception {
        lab.agent().config(lab.engine().bundle(), "endpoint=unix://" + lab.engine().socket(), "log.max.size=100k",
                "log.max.file=" + MOST_FILES);
        lab.agent().start().manifest("chatty.yaml", Pods.shell("chatty", "i=0; while [ $i -lt 300 ]; do "
                + "for n in 0 1 2 3 4 5 6 7 8 9; do echo $i$n is a line of the log that is some sixty bytes long; done; "
                + "i=$((i+1)); sleep 0.1; done; echo end") + "  restartPolicy: Never\n");
        lab.running("chatty");
        FutureTask<Agent.Output> followed = new FutureTask<>(() -> lab.agent().cli("pod:logs", "-f", "chatty"));
        Thread.ofVirtual().start(followed);
        soon(() -> assertThat(files()).hasSizeGreaterThan(1));
        soon(() -> assertThat(lines()).contains("end"));
        assertThat(numbers(lines())).as("all of them, each once and in order").isEqualTo(ALL);
        assertThat(numbers(followed.get(1, TimeUnit.MINUTES).out().lines().toList())).as("seen by whoever followed").isEqualTo(ALL);
        assertThat(files()).hasSizeLessThanOrEqualTo(MOST_FILES);
        assertThat(lab.agent().cli("pod:logs", "--tail", "2", "chatty").out()).contains("2999 is a line").contains("end");
    }

    private static List<String> numbers(List<String> lines) {
        return lines.stream().filter(line -> line.endsWith("long")).map(line -> line.replaceFirst(" .*", "")).toList();
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(lab.agent().logDirectory())) {
            return files.filter(f -> f.getFileName().toString().startsWith("0.log") && Files.isRegularFile(f))
                    .sorted(Comparator.comparingLong(f -> f.toFile().lastModified())).toList();
        }
    }

    /** Without what the engine puts in front. */
    private List<String> lines() throws IOException {
        Stream.Builder<String> lines = Stream.builder();
        for (Path file : files()) {
            try (InputStream in = Files.newInputStream(file);
                    InputStream text = file.toString().endsWith(".gz") ? new GZIPInputStream(in) : in) {
                new String(text.readAllBytes(), StandardCharsets.UTF_8).lines().forEach(lines);
            }
        }
        return lines.build().map(line -> line.split(" ", 4)[3]).toList();
    }
}
