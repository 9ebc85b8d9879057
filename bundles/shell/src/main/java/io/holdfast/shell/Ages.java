package io.holdfast.shell;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/** Times as kubectl tells them: {@code 45s}, {@code 3m}, {@code 2d4h}. */
final class Ages {

    private Ages() {
    }

    static String of(@Nullable Instant then, Instant now) {
        return then == null ? "<none>" : of(Duration.between(then, now));
    }

    static String of(Duration age) {
        long seconds = Math.max(0, age.toSeconds());
        long minutes = seconds / 60;
        long hours = minutes / 60;
        long days = hours / 24;
        if (seconds < 120) {
            return seconds + "s";
        } else if (minutes < 10) {
            return two(minutes, "m", seconds % 60, "s");
        } else if (minutes < 180) {
            return minutes + "m";
        } else if (hours < 8) {
            return two(hours, "h", minutes % 60, "m");
        } else if (hours < 48) {
            return hours + "h";
        } else if (days < 8) {
            return two(days, "d", hours % 24, "h");
        } else if (days < 2 * 365) {
            return days + "d";
        } else {
            return two(days / 365, "y", days % 365, "d");
        }
    }

    private static String two(long big, String bigUnit, long small, String smallUnit) {
        return big + bigUnit + (small == 0 ? "" : small + smallUnit);
    }
}
