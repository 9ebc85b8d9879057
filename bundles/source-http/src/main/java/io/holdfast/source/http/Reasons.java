package io.holdfast.source.http;

import java.util.Optional;

import io.holdfast.kit.tls.NoAnswer;

/** Why there was no answer, for a person, in terms of the settings. */
final class Reasons {

    private static final NoAnswer NO_ANSWER = new NoAnswer("set ca to a PEM file of its authority",
            "see client.cert and client.key", "");

    private Reasons() {
    }

    static String of(Throwable e) {
        return NO_ANSWER.reason(e, Reasons::ofBody);
    }

    private static Optional<String> ofBody(String message) {
        if (message.startsWith("body exceeds capacity")) {
            return Optional.of(Body.TOO_LARGE);
        }
        return message.equals("invalid content") // a transfer encoding that the client does not know
                ? Optional.of(Body.OF_UNKNOWN_LENGTH)
                : Optional.empty();
    }
}
