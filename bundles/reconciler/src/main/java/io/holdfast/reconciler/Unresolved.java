package io.holdfast.reconciler;

import java.io.IOException;
import java.io.Serial;

/** Something that a container needs of a ConfigMap, a Secret or a volume is not there (yet); the message says what. */
final class Unresolved extends IOException {

    @Serial
    private static final long serialVersionUID = 1L;

    Unresolved(String message) {
        super(message);
    }
}
