package io.holdfast.shell;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Copies a container's log, and goes on with it over rotations and restarts. Blocks; an interrupt or a reader that is
 * gone ends it.
 */
final class PodLogs {

    /** How soon a new line is seen. */
    private static final long POLL_MILLIS = 50;

    /** Where a container's log is now; ended when nothing more will be written to it. */
    record Where(Path file, boolean ended) {
    }

    private PodLogs() {
    }

    /** @param tail how many entries from the end, or negative for all */
    static void print(Path file, long tail, OutputStream out) throws IOException {
        try (LogFile log = new LogFile(file)) {
            last(log, tail, out);
        }
    }

    /** @param where asked again and again; empty once the pod is gone */
    static void follow(Supplier<Optional<Where>> where, Path first, long tail, OutputStream out)
            throws IOException, InterruptedException {
        LogFile log = new LogFile(first);
        try {
            last(log, tail, out);
            while (true) {
                Optional<Where> now = where.get(); // before reading: what ended before has been written completely
                boolean rotated = log.rotated();
                copy(log, out);
                if (now.isEmpty()) {
                    return;
                }
                Path next = now.get().file();
                if ((rotated || !next.equals(log.path())) && Files.exists(next)) {
                    log.close();
                    log = new LogFile(next);
                } else if (now.get().ended() && next.equals(log.path())) {
                    return;
                } else {
                    Thread.sleep(POLL_MILLIS);
                }
            }
        } finally {
            log.close();
        }
    }

    private static void last(LogFile log, long tail, OutputStream out) throws IOException {
        if (tail < 0) {
            copy(log, out);
            return;
        }
        Deque<byte[]> last = new ArrayDeque<>();
        for (List<byte[]> entries = log.next(); !entries.isEmpty(); entries = log.next()) {
            last.addAll(entries);
            while (last.size() > tail) {
                last.removeFirst();
            }
        }
        for (byte[] entry : last) {
            out.write(entry);
        }
        out.flush();
    }

    private static void copy(LogFile log, OutputStream out) throws IOException {
        for (List<byte[]> entries = log.next(); !entries.isEmpty(); entries = log.next()) {
            for (byte[] entry : entries) {
                out.write(entry);
            }
            out.flush();
        }
    }
}
