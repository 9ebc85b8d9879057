package io.holdfast.mirror;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Times as Kubernetes writes them. */
final class Times {

    private Times() {
    }

    static String seconds(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** With six digits after the point, no more and no less: servers refuse others. */
    static String micros(Instant time) {
        String seconds = seconds(time);
        String digits = Integer.toString(1_000_000 + time.getNano() / 1000).substring(1);
        return seconds.substring(0, seconds.length() - 1) + "." + digits + "Z";
    }
}
