package io.holdfast.shell;

import java.io.Serial;

/** A command cannot do what was asked; the message is for the person who asked. */
final class CommandFailed extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    /** @param command such as {@code pod:logs} */
    CommandFailed(String command, String message) {
        super(command + ": " + message);
    }
}
