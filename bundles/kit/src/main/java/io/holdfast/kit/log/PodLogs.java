package io.holdfast.kit.log;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Copies a container's log, and goes on with it over rotations and restarts. Blocks; an interrupt or a reader that is
 * gone ends it.
 */
public final class PodLogs {

    /** How soon a new line is seen. */
    private static final long POLL_MILLIS = 50;

    /** Where a container's log is now; ended when nothing more will be written to it. */
    public record Where(Path file, boolean ended) {
    }

    private PodLogs() {
    }

    /** What there is now. */
    public static void print(Path file, LogOptions options, OutputStream out) throws IOException {
        printed(file, new LogWriter(options, out), options).close();
    }

    /** @param where asked again and again; empty once the pod is gone */
    public static void follow(Supplier<Optional<Where>> where, Path first, LogOptions options, OutputStream out)
            throws IOException, InterruptedException {
        LogWriter writer = new LogWriter(options, out);
        LogFile log = printed(first, writer, options);
        try {
            while (!writer.isFull()) {
                Optional<Where> now = where.get(); // before reading: what ended before has been written completely
                boolean rotated = log.rotated();
                copy(log, writer);
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

    /** Writes what there is now, and leaves open the file that is written to. */
    private static LogFile printed(Path file, LogWriter out, LogOptions options) throws IOException {
        try (LogFiles files = new LogFiles(file, options)) {
            while (true) {
                copy(files.oldest(), out);
                if (files.isLast()) {
                    return files.take();
                }
                files.take().close();
            }
        }
    }

    private static void copy(LogFile log, LogWriter out) throws IOException {
        for (List<CriLog.Piece> pieces = log.next(); !pieces.isEmpty() && !out.isFull(); pieces = log.next()) {
            out.write(pieces);
        }
    }
}
