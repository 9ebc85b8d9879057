package io.holdfast.shell.client;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * What is spoken on the control socket. Each side sends frames: a byte that says which, four bytes with the length of the
 * content (big-endian), the content.
 *
 * <p>
 * The client begins with {@link #HERE}, if it likes, and then {@link #RUN} or {@link #SHELL}. After {@link #RUN} it only listens; after {@link #SHELL} it
 * sends {@link #INPUT} and, when there is no more, {@link #END}. The agent sends {@link #OUT} and {@link #ERR} as output
 * comes, at last {@link #EXIT}, and closes. A client that closes its end before that takes its command with it: the
 * command is interrupted.
 *
 * <p>
 * Uses no lambda and no string concatenation on the usual way: each costs milliseconds in a fresh JVM.
 */
public final class Frames implements Closeable {

    /** The directory that the client was called in, in UTF-8: relative names are relative to it. */
    public static final byte HERE = 'h';
    /** A command's words in UTF-8, with a NUL between each two. One word alone is a line of Gogo as it stands. */
    public static final byte RUN = 'r';
    /** An interactive session; the content is the prompt in UTF-8, empty for none. */
    public static final byte SHELL = 's';
    /** Bytes that were typed. */
    public static final byte INPUT = 'i';
    /** Nothing more will be typed. */
    public static final byte END = 'd';
    public static final byte OUT = 'o';
    public static final byte ERR = 'e';
    /** One byte: 0 when all went well. */
    public static final byte EXIT = 'x';

    /** No honest client or agent sends a longer one. */
    private static final int MAX_LENGTH = 1 << 20;

    public record Frame(byte kind, byte[] content) {

        public String text() {
            return new String(content, StandardCharsets.UTF_8);
        }
    }

    private final SocketChannel channel;
    private final DataInputStream in;
    private final DataOutputStream out;

    public Frames(SocketChannel channel) {
        this.channel = channel;
        this.in = new DataInputStream(new BufferedInputStream(Channels.newInputStream(channel)));
        this.out = new DataOutputStream(new BufferedOutputStream(Channels.newOutputStream(channel)));
    }

    /** Sends one frame; any thread may. */
    public synchronized void send(byte kind, byte[] content, int offset, int length) throws IOException {
        for (int at = 0; at == 0 || at < length; at += MAX_LENGTH) {
            int part = Math.min(MAX_LENGTH, length - at);
            out.writeByte(kind);
            out.writeInt(part);
            out.write(content, offset + at, part);
        }
        out.flush();
    }

    public void send(byte kind, byte... content) throws IOException {
        send(kind, content, 0, content.length);
    }

    public void sendWords(List<String> words) throws IOException {
        send(RUN, String.join("\0", words).getBytes(StandardCharsets.UTF_8));
    }

    /** Waits for the next frame; one thread only. Empty when the other side is gone. */
    public Optional<Frame> receive() throws IOException {
        try {
            byte kind = in.readByte();
            int length = in.readInt();
            if (length < 0 || length > MAX_LENGTH) {
                throw new IOException("not a frame of Holdfast's control socket");
            }
            return Optional.of(new Frame(kind, in.readNBytes(length)));
        } catch (EOFException _) {
            return Optional.empty();
        }
    }

    /** Whether this side has not closed it. */
    public boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
