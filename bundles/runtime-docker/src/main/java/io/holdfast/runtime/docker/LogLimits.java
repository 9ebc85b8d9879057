package io.holdfast.runtime.docker;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much of a container's log is kept, by Docker and in its copy alike.
 *
 * @param maxSize as Docker reads it
 * @param maxBytes the same in bytes
 * @param maxFiles with the current one
 */
record LogLimits(String maxSize, long maxBytes, int maxFiles) {

    private static final Pattern SIZE = Pattern.compile("([1-9]\\d{0,11})([kmg]?)");

    /** @throws IllegalArgumentException one of them is not what is expected */
    static LogLimits of(String maxSize, int maxFiles) {
        Matcher size = SIZE.matcher(maxSize.toLowerCase(Locale.ROOT));
        if (!size.matches()) {
            throw new IllegalArgumentException("io.holdfast.runtime.docker: log.max.size: '" + maxSize
                    + "' is not a size; expected a number of bytes, or one with k, m or g, such as 10m");
        }
        if (maxFiles < 1) {
            throw new IllegalArgumentException(
                    "io.holdfast.runtime.docker: log.max.file: " + maxFiles + " is too few; expected 1 or more");
        }
        int shift = "kmg".indexOf(size.group(2)) * 10 + (size.group(2).isEmpty() ? 0 : 10);
        return new LogLimits(size.group(), Long.parseLong(size.group(1)) << shift, maxFiles);
    }

    Map<String, Object> config() {
        return Map.of("Type", "json-file", "Config",
                Map.of("max-size", maxSize, "max-file", Integer.toString(maxFiles)));
    }
}
