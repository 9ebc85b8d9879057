package io.holdfast.mirror;

import java.time.Instant;
import java.util.Optional;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What is remembered of the requests about one pod name; losing it costs a request, no more. */
record Memory(Optional<Trouble> trouble, Optional<Written> written) {

    static final Memory NONE = new Memory(Optional.empty(), Optional.empty());

    /**
     * @param about as {@link Action#about()}
     * @param answered whether the server refused it, or could not be asked
     * @param attempts in a row
     * @param until when it is tried again
     */
    record Trouble(String about, String reason, boolean answered, int attempts, Instant since, Instant until) {
    }

    /**
     * @param wanted the status that was sent, empty after a create
     * @param stored what the server made of it: an older one does not know every field
     */
    record Written(String uid, ObjectNode wanted, ObjectNode stored, Instant at) {

        boolean justCreated() {
            return wanted.isEmpty();
        }
    }

    Memory failed(Trouble next) {
        return new Memory(Optional.of(next), written);
    }

    Memory well() {
        return trouble.isEmpty() ? this : new Memory(Optional.empty(), written);
    }

    static Memory written(Written now) {
        return new Memory(Optional.empty(), Optional.of(now));
    }

    Optional<Trouble> troubleAbout(String what) {
        return trouble.filter(t -> t.about().equals(what));
    }
}
