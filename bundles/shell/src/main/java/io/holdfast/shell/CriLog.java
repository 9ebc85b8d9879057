package io.holdfast.shell;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes the bytes of a log file in CRI format, {@code TIME stdout F text}, and gives back what the container wrote. A
 * line that is not complete yet waits for its rest. Bytes, since a container may write what is no text.
 */
final class CriLog {

    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final ByteArrayOutputStream entry = new ByteArrayOutputStream();

    /** What became complete, each with its line end; a part ({@code P}) is put together with what follows. */
    List<byte[]> take(byte[] bytes, int length) {
        List<byte[]> complete = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            if (bytes[i] != '\n') {
                line.write(bytes[i]);
            } else if (endsEntry(line.toByteArray())) {
                entry.write('\n');
                complete.add(entry.toByteArray());
                entry.reset();
            }
        }
        return complete;
    }

    private boolean endsEntry(byte[] bytes) {
        line.reset();
        int tag = after(bytes, after(bytes, 0));
        int text = after(bytes, tag);
        if (text > bytes.length) { // not in CRI format: shown as it is
            entry.writeBytes(bytes);
            return true;
        }
        entry.write(bytes, text, bytes.length - text);
        return bytes[tag] != 'P';
    }

    /** Where the next word begins; beyond the end when there is none. */
    private static int after(byte[] bytes, int from) {
        int at = from;
        while (at < bytes.length && bytes[at] != ' ') {
            at++;
        }
        return at < bytes.length ? at + 1 : bytes.length + 1;
    }
}
