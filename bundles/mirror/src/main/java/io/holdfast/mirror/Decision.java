package io.holdfast.mirror;

import java.time.Instant;

/** What is to be done about one pod name. */
sealed interface Decision {

    record Do(Action action) implements Decision {
    }

    /** All is as it should be, or must wait. @param until when to look again if nothing changes before */
    record Rest(Instant until) implements Decision {

        static final Rest FOR_GOOD = new Rest(Instant.MAX);
    }

    /** It cannot be shown, which is known without asking; something has to change first. */
    record Impossible(String reason) implements Decision {
    }
}
