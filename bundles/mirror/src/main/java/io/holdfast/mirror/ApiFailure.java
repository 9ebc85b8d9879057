package io.holdfast.mirror;

import java.time.Duration;
import java.util.Optional;

/** A request that did not do what it was to do; the message is for a person and never holds a secret. */
sealed abstract class ApiFailure extends Exception {

    private static final long serialVersionUID = 1;

    private ApiFailure(String message) {
        super(message);
    }

    /** How long the server asks to be left alone. */
    Optional<Duration> retryAfter() {
        return Optional.empty();
    }

    /** There was no answer: whether the request was carried out is not known. */
    static final class Unreachable extends ApiFailure {

        private static final long serialVersionUID = 1;

        Unreachable(String message) {
            super(message);
        }
    }

    /** The server answered, with a {@code Status} as a rule. */
    static final class Refused extends ApiFailure {

        private static final long serialVersionUID = 1;

        private final int code;
        private final String reason;
        private final transient Optional<Duration> retryAfter;

        /**
         * @param code of HTTP
         * @param reason of the Status, such as {@code AlreadyExists}, or empty
         */
        Refused(int code, String reason, String message, Optional<Duration> retryAfter) {
            super(message);
            this.code = code;
            this.reason = reason;
            this.retryAfter = retryAfter;
        }

        int code() {
            return code;
        }

        String reason() {
            return reason;
        }

        @Override
        Optional<Duration> retryAfter() {
            return retryAfter;
        }
    }
}
