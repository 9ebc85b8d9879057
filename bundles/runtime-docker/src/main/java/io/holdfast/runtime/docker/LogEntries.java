package io.holdfast.runtime.docker;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

import org.jspecify.annotations.Nullable;

/**
 * Reads Docker's stream of a container's log with times: frames that say which stream they are of, or with a terminal
 * bare lines. Each frame is one entry; one without a line end is the part of a line that was too long for Docker.
 */
final class LogEntries {

    private static final int STDERR = 2;
    private static final int MOST = 1 << 20; // Docker's own limit is 16 KiB and the time

    /** @param text with its time before it and perhaps its line end */
    record Entry(boolean stderr, byte[] text) {

        private static final int TIME = "2026-01-01T00:00:00.000000000Z".length();

        /** Of fixed length, in UTC, so that the order of texts is that of times. */
        String time() {
            return new String(text, 0, Math.min(TIME, text.length), US_ASCII);
        }

        /** Appends it in CRI format. */
        void write(ByteArrayOutputStream out) {
            boolean full = text.length > 0 && text[text.length - 1] == '\n';
            int from = Math.min(TIME + 1, text.length);
            int to = full ? text.length - 1 : text.length;
            out.writeBytes(time().getBytes(US_ASCII));
            out.writeBytes((stderr ? " stderr " : " stdout ").getBytes(US_ASCII));
            out.writeBytes((full ? "F " : "P ").getBytes(US_ASCII));
            out.write(text, from, Math.max(0, to - from));
            out.write('\n');
        }
    }

    private final DataInputStream in;
    private final boolean terminal;

    LogEntries(InputStream in, boolean terminal) {
        this.in = new DataInputStream(new BufferedInputStream(in));
        this.terminal = terminal;
    }

    /** Null at the end. */
    @Nullable
    Entry next() throws IOException {
        int first = in.read();
        if (first < 0) {
            return null;
        }
        return terminal ? line(first) : frame(first);
    }

    private Entry frame(int stream) throws IOException {
        in.skipNBytes(3);
        int length = in.readInt();
        if (length < 0 || length > MOST) {
            throw new IOException("a log entry of " + Integer.toUnsignedString(length) + " bytes");
        }
        byte[] text = in.readNBytes(length);
        if (text.length < length) {
            throw new EOFException("the log ended within an entry");
        }
        return new Entry(stream == STDERR, text);
    }

    private Entry line(int first) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int each = first; each >= 0; each = each == '\n' || line.size() > MOST ? -1 : in.read()) {
            line.write(each);
        }
        return new Entry(false, line.toByteArray());
    }

    /** Whether another entry may be read without waiting. */
    boolean more() throws IOException {
        return in.available() > 0;
    }
}
