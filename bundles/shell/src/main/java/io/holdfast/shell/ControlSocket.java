package io.holdfast.shell;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.Job;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.holdfast.cell.Cell;
import io.holdfast.config.ConfigKeys;
import io.holdfast.shell.client.Frames;

/** Lets the owner of the agent, and nobody else, run Gogo commands in it: see {@link Frames} for what is spoken. */
@Component(configurationPid = ControlSocket.PID, service = {})
@Designate(ocd = ControlSocket.Config.class)
public final class ControlSocket {

    static final String PID = "io.holdfast.shell";

    private static final Logger LOG = LoggerFactory.getLogger(ControlSocket.class);
    private static final Duration RETRY = Duration.ofSeconds(1);

    /** A command that does not heed an interrupt must not keep the agent from stopping. */
    private static final Duration FAREWELL = Duration.ofMillis(500);

    /** What an interrupted {@code update} leaves is a bundle that is installed, and never started again. */
    static final Duration WORK = Duration.ofSeconds(2);

    @ObjectClassDefinition(name = "Holdfast shell")
    @interface Config {

        @AttributeDefinition(description = "The Unix socket; run/shell.sock below holdfast.home when not set")
        String socket() default "";
    }

    private record Open(Connection connection, Thread thread) {
    }

    private final CommandProcessor processor;
    private final BundleContext context;
    private final Path path;
    private final Cell<List<Open>> connections = new Cell<>(List.of());
    private final AtomicLong served = new AtomicLong();
    private final Cell<Optional<Listening>> listening = new Cell<>(Optional.empty());
    private final Thread acceptor;
    private volatile boolean closing;

    @Activate
    public ControlSocket(@Reference CommandProcessor processor, Config config, BundleContext context,
            Map<String, Object> properties) {
        ConfigKeys.check(properties, Config.class);
        this.processor = processor;
        this.context = context;
        this.path = path(config.socket().strip(), context.getProperty("holdfast.home"));
        this.acceptor = thread("holdfast-shell", this::listen);
        acceptor.start();
    }

    /**
     * A command that stops or updates this very bundle is not interrupted: it has the rest of its work to do. The others
     * have a while for theirs, unless the whole agent stops. Nor is the acceptor, while it listens: the JDK loses a
     * connection that it has just accepted when it is interrupted, and the client would wait for ever.
     */
    @Deactivate
    void close() {
        closing = true;
        listening.value().ifPresent(Listening::stop);
        boolean interrupted = !ends(acceptor);
        acceptor.interrupt(); // where it waits to try again
        Job asking = Job.Utils.current();
        List<Open> ending = connections.value().stream()
                .filter(open -> asking == null || !open.connection().holds(asking.session())).toList();
        Instant deadline = Instant.now().plus(agentStops() ? Duration.ZERO : WORK);
        for (Open open : ending) {
            interrupted |= !open.connection().await(deadline);
        }
        ending.forEach(open -> open.thread().interrupt());
        for (Open open : ending) {
            interrupted |= !ends(open.thread());
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean agentStops() {
        return context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).getState() == Bundle.STOPPING;
    }

    /** @return false when this thread was interrupted meanwhile, which must not leave the rest undone */
    private static boolean ends(Thread thread) {
        try {
            thread.join(FAREWELL);
            return true;
        } catch (InterruptedException _) {
            return false;
        }
    }

    private void listen() {
        boolean failing = false;
        while (!closing) {
            try (Listening now = Listening.open(path)) {
                failing = false;
                LOG.info("shell listens on {}", path);
                listening.set(Optional.of(now));
                accept(now);
            } catch (ClosedChannelException _) {
                return; // stopped
            } catch (IOException e) {
                if (!failing) {
                    LOG.error("shell cannot listen on {}: {}; trying again every second", path, e.getMessage());
                }
                failing = true;
                pause();
            }
        }
    }

    private void accept(Listening now) throws IOException {
        while (!closing) {
            Connection connection = new Connection(processor, new Frames(now.channel().accept()));
            Thread thread = thread("holdfast-shell-" + served.incrementAndGet(), () -> serve(connection));
            connections.update(all -> with(all, new Open(connection, thread)));
            thread.start();
        }
    }

    private void serve(Connection connection) {
        try {
            connection.run();
        } finally {
            connections.update(all -> all.stream().filter(open -> !open.connection().equals(connection)).toList());
        }
    }

    private static List<Open> with(List<Open> all, Open one) {
        return Stream.concat(all.stream(), Stream.of(one)).toList();
    }

    private static void pause() {
        try {
            Thread.sleep(RETRY);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static Thread thread(String name, Runnable body) {
        return Thread.ofVirtual().name(name)
                .uncaughtExceptionHandler((thread, e) -> LOG.error("{} has failed", thread.getName(), e))
                .unstarted(body);
    }

    private static Path path(String socket, @Nullable String home) {
        if (!socket.isEmpty()) {
            return Path.of(socket).toAbsolutePath();
        } else if (home == null) {
            throw new IllegalArgumentException(
                    PID + ": set 'socket', or the framework property holdfast.home for HOME/run/shell.sock");
        }
        return Path.of(home, "run", "shell.sock").toAbsolutePath();
    }
}
