package io.holdfast.endpoint;

/** An answer that is not what was asked for; the message is for a person. */
final class Refusal extends Exception {

    private static final long serialVersionUID = 1;

    private final int code;

    /** @param code of HTTP */
    Refusal(int code, String message) {
        super(message);
        this.code = code;
    }

    int code() {
        return code;
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
