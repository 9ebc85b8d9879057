package io.holdfast.runtime;

import java.io.Serial;

import org.jspecify.annotations.Nullable;

/** The engine does not answer: back off and look again; nothing is known about what was asked. */
public final class RuntimeUnreachable extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    public RuntimeUnreachable(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
