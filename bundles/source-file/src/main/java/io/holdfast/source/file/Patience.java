package io.holdfast.source.file;

import java.time.Duration;
import java.time.Instant;

import io.holdfast.source.file.Look.Stamp;
import io.holdfast.source.file.Touched.Sign;

/**
 * How long what was seen must stay as it is before it is believed (behaviour F4).
 *
 * @param settle for a file that is being written in place: nobody says when that is complete
 */
record Patience(Duration settle) {

    /**
     * For what looks like a rename, or a deletion: one is followed by no write, the other by no new file. A writer that
     * creates and writes in place shows the write within microseconds.
     */
    static final Duration CONFIRM = Duration.ofMillis(1);

    /** For a file that an editor has moved out of the way and will write again. */
    static final Duration EDITOR = Duration.ofSeconds(1);

    Duration with(Stamp stamp, Sign sign, Instant now) {
        if (sign == Sign.WRITTEN) {
            return settle;
        }
        if (stamp.size() > 0 && stamp.movedAfterWriting() || isOld(stamp, now)) {
            return Duration.ZERO;
        }
        return stamp.size() > 0 && sign == Sign.NAMED ? CONFIRM : settle;
    }

    /** The clock of a file system may be coarse: in a young file a further write can go without a trace. */
    boolean isOld(Stamp stamp, Instant now) {
        return stamp.age(now).compareTo(settle) >= 0;
    }

    static Duration withMissing(boolean editorAtWork) {
        return editorAtWork ? EDITOR : CONFIRM;
    }
}
