package io.holdfast.shell;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;

import io.holdfast.cell.Cell;
import io.holdfast.shell.client.Frames;
import io.holdfast.shell.client.Frames.Frame;

/** One client: runs its command, or what it types, in a Gogo session of its own. */
final class Connection implements Runnable {

    /** Where names without a scope are looked for first, so that {@code list} lists pods. */
    private static final String SCOPES = "pod:source:runtime:manifest:felix:gogo:*";
    /** Where Felix's {@code cd} and {@code ls} have their directory; all else asks the session for it. */
    private static final String FELIX_DIRECTORY = "_cwd";
    /** Set while the client's directory is not the session's, because it has no name here. */
    static final String LOST = ".lost";
    private static final Set<String> LEAVE = Set.of("exit", "quit", "logout");
    private static final int INPUT_BYTES = 64 * 1024;

    private final CommandProcessor processor;
    private final Frames frames;
    private final PrintStream out;
    private final PrintStream err;
    private final Cell<Optional<CommandSession>> session = new Cell<>(Optional.empty());
    private final Cell<Boolean> working = new Cell<>(false);

    Connection(CommandProcessor processor, Frames frames) {
        this.processor = processor;
        this.frames = frames;
        this.out = new PrintStream(new Output(frames, Frames.OUT), true, UTF_8);
        this.err = new PrintStream(new Output(frames, Frames.ERR), true, UTF_8);
    }

    /** Ends when the client is served or gone, or when interrupted. */
    @Override
    public void run() {
        try (frames) {
            Optional<Path> here = Optional.of(Path.of(""));
            Optional<Frame> first = frames.receive();
            if (first.isPresent() && first.get().kind() == Frames.HERE) {
                here = directory(first.get().text());
                first = frames.receive();
            }
            if (first.isPresent()) {
                serve(first.get(), here);
            }
        } catch (IOException _) {
            // the client is gone; there is nobody to tell
        }
    }

    /**
     * Waits until no command runs, but no longer.
     *
     * @return false when this thread was interrupted meanwhile
     */
    boolean await(Instant deadline) {
        try {
            for (Cell.Versioned<Boolean> now = working.current(); now.value() && Instant.now().isBefore(deadline);) {
                now = working.after(now.version(), Duration.between(Instant.now(), deadline));
            }
            return true;
        } catch (InterruptedException _) {
            return false;
        }
    }

    boolean holds(CommandSession other) {
        return session.value().filter(other::equals).isPresent();
    }

    /** A name that this JVM's character set does not have must not keep a command from being run. */
    private static Optional<Path> directory(String name) {
        try {
            return Optional.of(Path.of(name));
        } catch (InvalidPathException _) {
            return Optional.empty();
        }
    }

    private void serve(Frame first, Optional<Path> directory) throws IOException {
        Path here = directory.orElse(Path.of("")).toAbsolutePath();
        PipedInputStream input = new PipedInputStream(INPUT_BYTES);
        PipedOutputStream typed = new PipedOutputStream(input);
        try (CommandSession gogo = processor.createSession(input, out, err)) {
            session.set(Optional.of(gogo));
            gogo.put("SCOPE", SCOPES);
            gogo.currentDir(here);
            gogo.put(FELIX_DIRECTORY, here.toFile());
            gogo.put(LOST, directory.isEmpty() ? true : null);
            Thread me = Thread.currentThread();
            Thread.ofVirtual().name(me.getName() + "-input").start(() -> listen(typed, gogo, me));
            int code;
            if (first.kind() == Frames.RUN) {
                typed.close();
                code = execute(gogo, CommandLine.of(List.of(first.text().split("\0", -1))));
            } else {
                code = converse(gogo, input, first.text());
            }
            frames.send(Frames.EXIT, (byte) code);
            frames.close(); // ends the listening, too
        }
    }

    /** Passes on what is typed; a client that goes away takes its command with it. */
    private void listen(PipedOutputStream typed, CommandSession gogo, Thread serving) {
        try {
            for (Optional<Frame> next = frames.receive(); next.isPresent(); next = frames.receive()) {
                if (next.get().kind() == Frames.INPUT) {
                    typed.write(next.get().content());
                    typed.flush();
                } else {
                    typed.close();
                }
            }
        } catch (IOException _) {
            // the socket was closed, here or there
        }
        if (frames.isOpen()) {
            await(Instant.now().plus(ControlSocket.WORK));
            gogo.close(); // which interrupts what runs in it
            serving.interrupt();
        }
    }

    /** Reads lines until there are no more; the exit code is that of the last. */
    private int converse(CommandSession gogo, InputStream input, String prompt) throws IOException {
        int code = 0;
        while (true) {
            out.print(prompt);
            out.flush();
            Optional<String> line = line(input);
            if (line.isEmpty() || LEAVE.contains(line.get().strip())) {
                return code;
            } else if (!line.get().isBlank()) {
                code = execute(gogo, line.get());
            }
        }
    }

    private int execute(CommandSession gogo, String line) {
        Object before = gogo.get(FELIX_DIRECTORY);
        working.set(true);
        try {
            Object result = gogo.execute(line);
            if (result != null) {
                String text = gogo.format(result, Converter.INSPECT).toString();
                out.print(text.isEmpty() || text.endsWith("\n") ? text : text + "\n");
            }
            return 0;
        } catch (Exception e) {
            String text = ErrorText.of(e, line, commands(gogo));
            if (!text.isEmpty()) {
                err.println(text);
            }
            return e instanceof CommandFailed failed ? failed.code() : 1;
        } finally {
            if (gogo.get(FELIX_DIRECTORY) instanceof File now && !now.equals(before)) {
                gogo.currentDir(now.toPath());
                gogo.put(LOST, null);
            }
            out.flush();
            working.set(false);
        }
    }

    private static Collection<String> commands(CommandSession gogo) {
        return gogo.get(".commands") instanceof Set<?> names
                ? names.stream().map(String::valueOf).toList()
                : List.of();
    }

    /** Byte by byte, since a command may want to read what comes after the line. */
    private static Optional<String> line(InputStream input) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = input.read(); b != '\n'; b = input.read()) {
            if (b < 0) {
                return line.size() == 0 ? Optional.empty() : Optional.of(line.toString(UTF_8));
            }
            line.write(b);
        }
        return Optional.of(line.toString(UTF_8));
    }
}
