package io.holdfast.kit.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.function.Consumer;

import io.holdfast.cell.Cell;
import io.holdfast.kit.thread.Threads;

/**
 * What a program printed until it ended.
 *
 * @param exitCode negative when it did not end in time
 * @param errors what it printed there
 */
public record Output(int exitCode, String text, String errors) {

    private static final int MOST_BYTES = 1024 * 1024;
    private static final int MOST_SHOWN = 300;
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    private record Read(String text, String errors, int ended) {
    }

    /**
     * Neither the program nor what it started outlives this.
     *
     * @param input what the program may read, little enough for a pipe
     * @throws IOException it cannot be started
     */
    public static Output of(ProcessBuilder builder, String input, Duration patience) throws IOException, InterruptedException {
        Process process = builder.start();
        Cell<Read> read = new Cell<>(new Read("", "", 0));
        try (Threads threads = new Threads()) {
            threads.start("exec-out", () -> collect(process.getInputStream(),
                    text -> read.update(r -> new Read(text, r.errors(), r.ended() + 1))));
            threads.start("exec-err", () -> collect(process.getErrorStream(),
                    errors -> read.update(r -> new Read(r.text(), errors, r.ended() + 1))));
            try {
                tell(process.getOutputStream(), input);
                boolean ended = process.waitFor(patience.toNanos(), NANOSECONDS);
                Read all = ended ? awaitLastWords(read) : read.value();
                return new Output(ended ? process.exitValue() : -1, all.text(), all.errors());
            } finally { // before the threads are ended, which wait for what it prints
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        }
    }

    private static void tell(OutputStream to, String input) {
        try (to) {
            to.write(input.getBytes(UTF_8));
        } catch (IOException _) {
            // it does not want to know
        }
    }

    private static Read awaitLastWords(Cell<Read> read) throws InterruptedException {
        long deadline = System.nanoTime() + LAST_WORDS.toNanos();
        Cell.Versioned<Read> now = read.current();
        while (now.value().ended() < 2 && System.nanoTime() < deadline) {
            now = read.after(now.version(), Duration.ofNanos(deadline - System.nanoTime()));
        }
        return now.value();
    }

    public boolean isLate() {
        return exitCode < 0;
    }

    /** The last line of what it complained about, for a person. */
    public String complaint() {
        String last = errors.strip().lines().reduce("", (_, line) -> line).strip();
        return last.isEmpty() ? "" : ": " + last.substring(0, Math.min(last.length(), MOST_SHOWN));
    }

    private static void collect(InputStream from, Consumer<String> to) {
        try (from) {
            to.accept(new String(from.readNBytes(MOST_BYTES), UTF_8));
        } catch (IOException _) {
            to.accept("");
        }
    }

    /** It is a secret. */
    @Override
    public String toString() {
        return "exit code " + exitCode;
    }
}
