package io.holdfast.kit.log;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much of a container's log is kept (behaviour G2).
 *
 * @param maxSize as it was given, such as {@code 10m}
 * @param maxBytes the same in bytes
 * @param maxFiles with the current one
 */
public record LogLimits(String maxSize, long maxBytes, int maxFiles) {

    private static final Pattern SIZE = Pattern.compile("([1-9]\\d{0,11})([kmg]?)");

    /**
     * @param pid of the configuration they are from, for messages
     * @throws IllegalArgumentException one of them is not what is expected
     */
    public static LogLimits of(String pid, String maxSize, int maxFiles) {
        Matcher size = SIZE.matcher(maxSize.toLowerCase(Locale.ROOT));
        if (!size.matches()) {
            throw new IllegalArgumentException(pid + ": log.max.size: '" + maxSize
                    + "' is not a size; expected a number of bytes, or one with k, m or g, such as 10m");
        }
        if (maxFiles < 1) {
            throw new IllegalArgumentException(pid + ": log.max.file: " + maxFiles + " is too few; expected 1 or more");
        }
        int shift = "kmg".indexOf(size.group(2)) * 10 + (size.group(2).isEmpty() ? 0 : 10);
        return new LogLimits(size.group(), Long.parseLong(size.group(1)) << shift, maxFiles);
    }
}
