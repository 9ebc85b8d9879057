package io.holdfast.runtime.docker;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Optional;

/** Finds a time in one of Docker's log files, whose entries are in the order of their times, more or less. */
final class LogSearch {

    private static final int NEAR = 1 << 16;

    private record Line(long at, Optional<LogEntry> entry) {
    }

    private LogSearch() {
    }

    static boolean beginsBefore(Path file, String time) throws IOException {
        try (FileChannel in = FileChannel.open(file)) {
            return lineAt(in, 0).entry().filter(e -> e.time().compareTo(time) < 0).isPresent();
        }
    }

    /** Where a line begins that is not later than the time, and hardly before; or 0. */
    static long lineNear(FileChannel file, String time) throws IOException {
        long from = 0;
        long to = file.size();
        while (to - from > NEAR) {
            long middle = (from + to) >>> 1;
            Line line = lineAt(file, middle);
            if (line.entry().filter(e -> e.time().compareTo(time) < 0).isPresent()) {
                from = line.at();
            } else {
                to = middle;
            }
        }
        return from;
    }

    /** The first line that begins there or later. */
    private static Line lineAt(FileChannel file, long position) throws IOException {
        file.position(Math.max(0, position - 1));
        InputStream in = new BufferedInputStream(Channels.newInputStream(file), 1 << 12);
        long at = position == 0 ? 0 : position + length(in, new ByteArrayOutputStream()) - 1;
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        length(in, line);
        return new Line(at, LogEntry.of(line.toByteArray()));
    }

    /** Reads a line and says how long it was, with its end. */
    private static long length(InputStream in, ByteArrayOutputStream line) throws IOException {
        for (int c = in.read(); c >= 0; c = in.read()) {
            line.write(c);
            if (c == '\n') {
                break;
            }
        }
        return line.size();
    }
}
