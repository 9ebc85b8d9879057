package io.holdfast.shell;

import java.io.Serial;

/** A command cannot do what was asked; the message is for the person who asked. */
final class CommandFailed extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final int code;

    /** @param command such as {@code pod:logs} */
    CommandFailed(String command, String message) {
        super(command + ": " + message);
        code = 1;
    }

    /** The same with another exit code. */
    CommandFailed(CommandFailed failure, int code) {
        super(failure.getMessage(), failure);
        this.code = code;
    }

    /** For a command that has said everything already. */
    CommandFailed(int code) {
        super("");
        this.code = code;
    }

    /** What the client exits with. */
    int code() {
        return code;
    }
}
