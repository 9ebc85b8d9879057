package io.holdfast.mirror;

import java.time.Duration;
import java.util.Optional;

/** What came of an {@link Action}. */
sealed interface Outcome {

    /** The server has it now like this. */
    record Stored(MirrorPod pod) implements Outcome {
    }

    /** The server has no pod of that UID any more. */
    record Gone() implements Outcome {
    }

    /**
     * @param answered whether the server said so, or nobody did
     * @param pause how long it asks to be left alone
     */
    record Failed(String reason, boolean answered, Optional<Duration> pause) implements Outcome {

        static Failed of(ApiFailure failure) {
            return new Failed(String.valueOf(failure.getMessage()), failure instanceof ApiFailure.Refused,
                    failure.retryAfter());
        }
    }
}
