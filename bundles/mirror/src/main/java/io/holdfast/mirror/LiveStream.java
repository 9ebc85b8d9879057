package io.holdfast.mirror;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

import io.holdfast.cell.Cell;

/** A stream that is closed when nothing comes any more, and of which no part is larger than a limit. */
final class LiveStream extends FilterInputStream {

    /** More than any object in an API server. */
    private static final int MOST_BYTES = 16 * 1024 * 1024;

    static final class TooLarge extends IOException {

        private static final long serialVersionUID = 1;

        TooLarge() {
            super("an event is larger than " + MOST_BYTES / 1024 / 1024 + " MiB");
        }
    }

    private record Heard(long bytes, boolean silent) {
    }

    private final Cell<Heard> heard = new Cell<>(new Heard(0, false));
    private int left = MOST_BYTES;

    LiveStream(InputStream in) {
        super(in);
    }

    /** The part before was complete. */
    void beginAnother() {
        left = MOST_BYTES;
    }

    /** To be run by another thread than the one that reads. */
    void closeWhenSilent(Duration patience) throws InterruptedException {
        long version = -1;
        for (Cell.Versioned<Heard> now = heard.current(); now.version() > version;) {
            version = now.version();
            now = heard.after(version, patience);
        }
        heard.update(before -> new Heard(before.bytes(), true));
        try {
            close();
        } catch (IOException _) {
            // whoever reads is told
        }
    }

    boolean isSilent() {
        return heard.value().silent();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
        int count = super.read(to, offset, length);
        if (count > 0) {
            left -= count;
            heard.update(before -> new Heard(before.bytes() + count, before.silent()));
        }
        if (left < 0) {
            throw new TooLarge();
        }
        return count;
    }
}
