package io.holdfast.source.http;

import java.io.IOException;
import java.time.Duration;

import io.holdfast.kit.tls.FileTrouble;

/** There is no new reading, so what was read before stands. The message is for a person, and holds no secret. */
final class FailedRead extends IOException {

    private final Duration retryAfter;

    FailedRead(String message) {
        this(message, Duration.ZERO);
    }

    /** What a setting names cannot be used. */
    FailedRead(FileTrouble trouble) {
        this(String.valueOf(trouble.getMessage()));
    }

    /** @param retryAfter for how long the server does not want to be asked again */
    FailedRead(String message, Duration retryAfter) {
        super(message);
        this.retryAfter = retryAfter;
    }

    Duration retryAfter() {
        return retryAfter;
    }
}
