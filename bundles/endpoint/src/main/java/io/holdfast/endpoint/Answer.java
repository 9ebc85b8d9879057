package io.holdfast.endpoint;

import java.io.IOException;
import java.io.OutputStream;

/** What is answered to one request; owned by one thread. Writing blocks until the client takes it. */
interface Answer {

    String TEXT = "text/plain; charset=utf-8";

    /** All of it. */
    void send(int code, String type, byte[] content) throws IOException;

    /** It is well, and this is how it begins; what is written is sent at once. The caller need not close it. */
    OutputStream stream(String type) throws IOException;
}
