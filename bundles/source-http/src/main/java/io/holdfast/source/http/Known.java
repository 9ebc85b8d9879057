package io.holdfast.source.http;

import java.util.Optional;

import io.holdfast.source.Manifest;

/**
 * What is known of one URL; immutable.
 *
 * @param key what {@code verify.key} held when the text was verified with it; empty where nothing is verified
 * @param unmodified how many answers in a row said that nothing has changed
 * @param hurried whether it is asked again at once because of news, without having been held back
 * @param failures in a row
 * @param due when to ask again, in {@link System#nanoTime}
 */
record Known(Optional<Manifest.Text> text, String key, Validators validators, int unmodified, boolean hurried,
        int failures, long due) {

    /** Without a tag, each tenth poll asks for everything. */
    private static final int MOST_UNMODIFIED = 9;

    static Known nothing() {
        return new Known(Optional.empty(), "", Validators.NONE, 0, false, 0, System.nanoTime());
    }

    boolean steady() {
        return text.isPresent() && failures == 0;
    }

    /** What to send, with that key: nothing where the text itself is to be looked at again. */
    Validators toSend(String now) {
        return key.equals(now) && (validators.areSure() || unmodified < MOST_UNMODIFIED) ? validators : Validators.NONE;
    }

    Known failed(long nextDue) {
        return new Known(text, key, validators, unmodified, false, failures + 1, nextDue);
    }
}
