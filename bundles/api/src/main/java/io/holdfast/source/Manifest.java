package io.holdfast.source;

/** One file, or one answer, of a source. The source does not look into it: the core parses it and says what is wrong. */
public sealed interface Manifest {

    /** Unique in its source, readable, and stable from one reading to the next, for errors and what was last good: {@code web.yaml}, {@code https://…/pods#3}. */
    String origin();

    /** @param content YAML or JSON in UTF-8, several documents allowed; never changed after it was handed over */
    record Text(String origin, byte[] content) implements Manifest {

        /** Larger ones are refused; a source need not read further than one byte more (behaviour F3, H2). */
        public static final int MAX_BYTES = 10 * 1024 * 1024;
    }

    /**
     * It is there, it could not be read: what was last read from this origin stays in force.
     *
     * @param reason for a person, without the origin, such as "permission denied"
     */
    record Unreadable(String origin, String reason) implements Manifest {
    }
}
