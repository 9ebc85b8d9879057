package io.holdfast.shell.client;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import io.holdfast.shell.client.Frames.Frame;

/**
 * Sends one command to the running agent, or all that is typed: {@code java -cp BUNDLE io.holdfast.shell.client.Main
 * SOCKET [COMMAND [ARGUMENT...]]}. The exit code is the command's, or {@value #NO_AGENT} when no agent answers.
 */
public final class Main {

    static final int NO_AGENT = 3;
    private static final int USAGE = 2;

    private Main() {
    }

    public static void main(String[] args) {
        OutputStream err = new FileOutputStream(FileDescriptor.err);
        if (args.length == 0) {
            say(err, "usage: SOCKET [COMMAND [ARGUMENT...]]");
            System.exit(USAGE);
        }
        System.exit(run(Path.of(args[0]), Arrays.asList(args).subList(1, args.length),
                new FileOutputStream(FileDescriptor.out), err));
    }

    static int run(Path socket, List<String> command, OutputStream out, OutputStream err) {
        SocketChannel channel;
        try {
            channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
            say(err, "holdfast: no agent answers on " + socket + " (" + e.getMessage() + "); is it running?");
            return NO_AGENT;
        }
        try (Frames frames = new Frames(channel)) {
            frames.send(Frames.HERE, System.getProperty("user.dir").getBytes(StandardCharsets.UTF_8));
            if (command.isEmpty()) {
                frames.send(Frames.SHELL, prompt().getBytes(StandardCharsets.UTF_8));
                forwardInput(frames);
            } else {
                frames.sendWords(command);
            }
            return copy(frames, out, err);
        } catch (IOException e) {
            say(err, "holdfast: " + e.getMessage());
            return 1;
        }
    }

    private static int copy(Frames frames, OutputStream out, OutputStream err) throws IOException {
        while (true) {
            Optional<Frame> next = frames.receive();
            if (next.isEmpty()) {
                say(err, "holdfast: the agent has closed the connection");
                return 1;
            }
            Frame frame = next.get();
            if (frame.kind() == Frames.EXIT) {
                return frame.content()[0];
            }
            (frame.kind() == Frames.ERR ? err : out).write(frame.content());
        }
    }

    /** A thread that the end of the program ends: nothing else wakes it from waiting for a key. */
    private static void forwardInput(Frames frames) {
        Thread.ofPlatform().daemon().name("input").start(() -> {
            byte[] typed = new byte[8192];
            try (FileInputStream in = new FileInputStream(FileDescriptor.in)) {
                for (int length = in.read(typed); length >= 0; length = in.read(typed)) {
                    frames.send(Frames.INPUT, typed, 0, length);
                }
                frames.send(Frames.END);
            } catch (IOException _) {
                // the agent is gone: the other thread says so
            }
        });
    }

    /** Only a person needs one. */
    private static String prompt() {
        try {
            Path input = Files.readSymbolicLink(Path.of("/proc/self/fd/0"));
            return input.startsWith("/dev/pts") || input.startsWith("/dev/tty") || input.endsWith("console")
                    ? "holdfast> "
                    : "";
        } catch (IOException | UnsupportedOperationException _) {
            return "";
        }
    }

    private static void say(OutputStream to, String message) {
        try {
            to.write(message.getBytes(StandardCharsets.UTF_8));
            to.write('\n');
        } catch (IOException _) {
            // nobody listens
        }
    }
}
