package io.holdfast.kit.log;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Takes the bytes of a log file in CRI format, {@code TIME stdout F text}, and gives back what the container wrote. A
 * line that is not complete yet waits for its rest. Bytes, since a container may write what is no text.
 */
final class CriLog {

    /**
     * A line of the file. An entry that was too long for one ({@code P}) is as many of them: it is never put together
     * here, for it may be without end.
     *
     * @param time when the container wrote it, as it stands there; empty if this is not in CRI format
     * @param begins whether an entry begins with it
     * @param text with a line end, where the entry ends
     */
    record Piece(String time, boolean begins, byte[] text) {
    }

    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private boolean begins = true;

    /** What became complete. */
    List<Piece> take(byte[] bytes, int length) {
        List<Piece> complete = new ArrayList<>();
        for (int from = 0; from < length;) {
            int end = from;
            while (end < length && bytes[end] != '\n') {
                end++;
            }
            line.write(bytes, from, Math.min(end + 1, length) - from);
            if (end < length) {
                complete.add(piece(line.toByteArray()));
                line.reset();
            }
            from = end + 1;
        }
        return complete;
    }

    private Piece piece(byte[] bytes) {
        boolean first = begins;
        int text = text(bytes);
        if (text < 0) {
            begins = true;
            return new Piece("", first, bytes); // shown as it is
        }
        begins = endsEntry(bytes);
        return new Piece(new String(bytes, 0, after(bytes, 0) - 1, ISO_8859_1), first,
                Arrays.copyOfRange(bytes, text, begins ? bytes.length : bytes.length - 1));
    }

    /** Whether a line, of which the beginning will do, is not one that the next goes on with. */
    static boolean endsEntry(byte[] line) {
        return text(line) < 0 || line[after(line, after(line, 0))] != 'P';
    }

    /** Where the text begins in a line, or negative if it is not in CRI format. */
    private static int text(byte[] line) {
        int text = after(line, after(line, after(line, 0)));
        return text > line.length ? -1 : text;
    }

    /** Where the next word begins; beyond the end when there is none. */
    private static int after(byte[] line, int from) {
        int at = from;
        while (at < line.length && line[at] != ' ') {
            at++;
        }
        return at < line.length ? at + 1 : line.length + 1;
    }
}
