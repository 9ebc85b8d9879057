package io.holdfast.runtime.docker;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Optional;

/**
 * A line, or a part of one that was too long for Docker.
 *
 * @param time in UTC and of fixed length, so that the order of texts is that of times
 * @param stream {@code stdout} or {@code stderr}
 * @param text with its line end, unless it is a part
 */
record LogEntry(String time, String stream, String text) {

    private static final DateTimeFormatter TIME = new DateTimeFormatterBuilder().appendInstant(9).toFormatter();

    /**
     * Reads what the {@code json-file} driver has written.
     *
     * @return empty for what is none: the machine went down while it was written
     */
    static Optional<LogEntry> of(byte[] line) {
        try {
            Json json = Json.read(new ByteArrayInputStream(line));
            return json.at("time").text().isEmpty() ? Optional.empty()
                    : Optional.of(new LogEntry(TIME.format(Instant.parse(json.at("time").text())),
                            json.at("stream").text(), json.at("log").text()));
        } catch (IOException | java.time.DateTimeException e) {
            return Optional.empty();
        }
    }

    static String minus(String time, Duration some) {
        return TIME.format(Instant.parse(time).minus(some));
    }

    /** Appends it in CRI format. */
    void write(ByteArrayOutputStream out) {
        boolean whole = text.endsWith("\n");
        out.writeBytes((time + " " + stream + (whole ? " F " : " P ") + text + (whole ? "" : "\n")).getBytes(UTF_8));
    }
}
