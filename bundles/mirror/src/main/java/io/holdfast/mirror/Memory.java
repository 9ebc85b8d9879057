package io.holdfast.mirror;

import java.time.Instant;
import java.util.Optional;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What is remembered of the requests about one pod name; losing it costs a request, no more.
 *
 * @param gone when its mirror was gone, until there is another
 */
record Memory(Optional<Trouble> trouble, Optional<Written> written, Optional<Instant> gone) {

    static final Memory NONE = new Memory(Optional.empty(), Optional.empty(), Optional.empty());

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
        return new Memory(Optional.of(next), written, gone);
    }

    Memory well() {
        return trouble.isEmpty() ? this : new Memory(Optional.empty(), written, gone);
    }

    static Memory written(Written now) {
        return new Memory(Optional.empty(), Optional.of(now), Optional.empty());
    }

    static Memory gone(Instant at) {
        return new Memory(Optional.empty(), Optional.empty(), Optional.of(at));
    }

    Optional<Trouble> troubleAbout(String what) {
        return trouble.filter(t -> t.about().equals(what));
    }
}
