package io.holdfast.runtime;

import java.io.Serial;

import org.jspecify.annotations.Nullable;

/** The engine refused: this pod cannot go on as it is; the message is the engine's reason. */
public final class RuntimeRefused extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    public RuntimeRefused(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
