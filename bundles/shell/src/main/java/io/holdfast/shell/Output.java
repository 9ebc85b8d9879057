package io.holdfast.shell;

import java.io.IOException;
import java.io.OutputStream;

import io.holdfast.shell.client.Frames;

/** A stream whose every write is a frame to the client. */
final class Output extends OutputStream {

    private final Frames frames;
    private final byte kind;

    Output(Frames frames, byte kind) {
        this.frames = frames;
        this.kind = kind;
    }

    @Override
    public void write(int b) throws IOException {
        frames.send(kind, (byte) b);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (length > 0) {
            frames.send(kind, bytes, offset, length);
        }
    }
}
