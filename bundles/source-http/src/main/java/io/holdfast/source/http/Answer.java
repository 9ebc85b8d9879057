package io.holdfast.source.http;

import java.net.http.HttpHeaders;

/** What a server said when all went well. */
sealed interface Answer {

    /** What to send the next time. */
    Validators validators();

    HttpHeaders headers();

    record NotModified(Validators validators, HttpHeaders headers) implements Answer {
    }

    /** @param bytes complete and decompressed */
    record Content(byte[] bytes, Validators validators, HttpHeaders headers) implements Answer {
    }

    /** Whether the server says that it has heard the wish to hold its answer back (RFC 7240). */
    default boolean saysThatItWaits() {
        return headers().allValues("Preference-Applied").stream().anyMatch(applied -> applied.contains("wait"));
    }
}
