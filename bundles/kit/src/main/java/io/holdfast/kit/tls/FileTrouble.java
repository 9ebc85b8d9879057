package io.holdfast.kit.tls;

import java.io.IOException;

/** What someone set cannot be used; the message says where it stands and why, for a person, and holds no secret. */
public final class FileTrouble extends IOException {

    private static final long serialVersionUID = 1;

    public FileTrouble(String message) {
        super(message);
    }
}
