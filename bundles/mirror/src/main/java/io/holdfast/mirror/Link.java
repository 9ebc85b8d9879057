package io.holdfast.mirror;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * Whether the API server answers.
 *
 * @param failure why not, or null
 * @param since when that began, as the machine's clock said, or null
 */
record Link(@Nullable String failure, @Nullable Instant since) {

    static final Link UP = new Link(null, null);
    static final Link NEVER = new Link("not asked yet", null);

    boolean isUp() {
        return failure == null;
    }

    Link failed(String why, Instant now) {
        return new Link(why, since == null ? now : since);
    }
}
