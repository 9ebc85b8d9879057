package io.holdfast.kit.log;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.OutputStream;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;

/** Writes of a log what is wanted, as the kubelet writes it. */
final class LogWriter {

    /** With all nine digits, which a runtime leaves out at the end. */
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.nnnnnnnnnXXX");

    private final LogOptions options;
    private final OutputStream out;
    private long left;
    private boolean wanted = true;

    LogWriter(LogOptions options, OutputStream out) {
        this.options = options;
        this.out = out;
        this.left = options.limitBytes();
    }

    /** What belongs to an entry follows it: the time of its beginning counts. */
    void write(List<CriLog.Piece> pieces) throws IOException {
        for (CriLog.Piece piece : pieces) {
            Optional<OffsetDateTime> time = piece.begins() ? time(piece) : Optional.empty();
            wanted = time.map(t -> !t.toInstant().isBefore(options.since())).orElse(wanted);
            if (wanted) {
                if (options.timestamps() && time.isPresent()) {
                    write((TIME.format(time.get()) + " ").getBytes(ISO_8859_1));
                }
                write(piece.text());
            }
        }
        out.flush();
    }

    /** Whether as much as is wanted at most was written. */
    boolean isFull() {
        return left <= 0;
    }

    private void write(byte[] bytes) throws IOException {
        int length = (int) Math.min(left, bytes.length);
        if (length > 0) {
            out.write(bytes, 0, length);
            left -= length;
        }
    }

    private static Optional<OffsetDateTime> time(CriLog.Piece piece) {
        try {
            return Optional.of(OffsetDateTime.parse(piece.time()));
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }
}
