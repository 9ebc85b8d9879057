package io.holdfast.kit.log;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/**
 * Copies a container's log, and goes on with it over rotations and restarts. Blocks; an interrupt or a reader that is
 * gone ends it.
 */
public final class PodLogs {

    /** How soon a new line is seen. */
    private static final long POLL_MILLIS = 50;

    /** Where a container's log goes on. */
    public sealed interface Next {

        /** @param ended nothing more will be written to it */
        record File(Path path, boolean ended) implements Next {
        }

        /** It cannot be told just now, such as while the reconciler is updated: where it is. */
        record Unknown() implements Next {
        }

        record Gone() implements Next {
        }
    }

    private PodLogs() {
    }

    /** What there is now. */
    public static void print(Path file, LogOptions options, OutputStream out) throws IOException {
        printed(file, new LogWriter(options, out), options).close();
    }

    /** @param next asked again and again */
    public static void follow(Supplier<Next> next, Path first, LogOptions options, OutputStream out)
            throws IOException, InterruptedException {
        LogWriter writer = new LogWriter(options, out);
        LogFile log = printed(first, writer, options);
        try {
            while (!writer.isFull()) {
                Next now = next.get(); // before reading: what ended before has been written completely
                boolean rotated = log.rotated();
                copy(log, writer);
                Path path = now instanceof Next.File file ? file.path() : log.path();
                if ((rotated || !path.equals(log.path())) && Files.exists(path)) {
                    log.close();
                    log = new LogFile(path);
                } else if (now.equals(new Next.Gone()) || now.equals(new Next.File(log.path(), true))) {
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
