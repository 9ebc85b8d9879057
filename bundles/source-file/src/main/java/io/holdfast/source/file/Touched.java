package io.holdfast.source.file;

import java.nio.file.Path;
import java.util.Map;

/**
 * What the kernel told of a directory since it was last asked.
 *
 * @param names by their last event
 * @param lost there was more than it could remember: look at all
 */
record Touched(Map<Path, Sign> names, boolean lost) {

    static final Touched NOTHING = new Touched(Map.of(), false);

    /** Why a file is looked at. */
    enum Sign {
        /** It was in a listing. */
        LISTED,
        /** A name appeared or went, by creation, renaming or deletion, and nothing was written to it since. */
        NAMED,
        /** It was written to, or its attributes changed. */
        WRITTEN
    }
}
