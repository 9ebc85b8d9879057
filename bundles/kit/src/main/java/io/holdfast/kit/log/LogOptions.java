package io.holdfast.kit.log;

import java.time.Instant;

/**
 * What of a log is wanted.
 *
 * @param tail how many entries from the end, or negative for all
 * @param since what was written before is left out
 * @param limitBytes nothing is written beyond so many
 * @param timestamps whether each entry begins with the time at which it was written
 */
public record LogOptions(long tail, Instant since, long limitBytes, boolean timestamps) {

    public static final LogOptions ALL = new LogOptions(-1, Instant.MIN, Long.MAX_VALUE, false);

    public LogOptions tail(long entries) {
        return new LogOptions(entries, since, limitBytes, timestamps);
    }

    public LogOptions since(Instant time) {
        return new LogOptions(tail, time, limitBytes, timestamps);
    }

    public LogOptions limitBytes(long most) {
        return new LogOptions(tail, since, most, timestamps);
    }

    public LogOptions timestamps(boolean wanted) {
        return new LogOptions(tail, since, limitBytes, wanted);
    }
}
