package io.holdfast.itests.bench;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/** Asks the agent over its control socket, without starting a client's JVM for each question. */
record Reported(Path socket) {

    private static final int ATTEMPTS = 10_000;

    /** When {@code pod:list} first showed the pod as running, by {@link System#nanoTime}. */
    long await(String pod) {
        for (int i = 0; i < ATTEMPTS; i++) {
            if (ask("pod:list").lines().anyMatch(l -> l.contains(pod) && l.contains(" Running "))) {
                return System.nanoTime();
            }
            LockSupport.parkNanos(2_000_000);
        }
        throw new IllegalStateException(pod + " was not reported as running");
    }

    /** Empty while nobody answers. The frames are those of the shell's client: kind, length, content. */
    private String ask(String command) {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            DataOutputStream out = new DataOutputStream(Channels.newOutputStream(channel));
            byte[] words = command.getBytes(StandardCharsets.UTF_8);
            out.writeByte('r');
            out.writeInt(words.length);
            out.write(words);
            DataInputStream in = new DataInputStream(Channels.newInputStream(channel));
            for (int kind = in.read(); kind != 'x' && kind >= 0; kind = in.read()) {
                output.write(in.readNBytes(in.readInt()));
            }
            return output.toString(StandardCharsets.UTF_8);
        } catch (IOException e) {
            return ""; // not there yet
        }
    }
}
