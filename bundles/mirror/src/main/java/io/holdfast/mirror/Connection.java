package io.holdfast.mirror;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.holdfast.cell.Cell;
import io.holdfast.kit.thread.Threads;
import io.holdfast.kit.tls.FileTrouble;

/**
 * Keeps a session that can be used: takes up files that were rotated, and lets a plugin tell again what has expired or was
 * refused. One thread reads; all others wait for what it makes of it.
 */
final class Connection implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    /**
     * @param session the last good one
     * @param trouble of the last attempt to have a new one
     */
    private record State(int attempts, Optional<Session> session, Optional<String> trouble) {
    }

    private final ConnectionSettings settings;
    private final Duration look;
    private final Clients clients;
    private final Backoff pace = Backoff.usual(new Random());
    private final Cell<State> state = new Cell<>(new State(0, Optional.empty(), Optional.empty()));
    /** The number of the last session that the server refused. */
    private final Cell<Integer> refused = new Cell<>(0);
    private final Threads threads = new Threads();

    /**
     * @param look between two looks at the files' times, and the least age of credentials that are asked for again: a
     *        plugin is not to be run at every request
     */
    Connection(ConnectionSettings settings, Duration look) {
        this.look = look;
        this.settings = settings;
        this.clients = new Clients(settings.proxy(), settings.environment());
        threads.start("mirror-credentials", () -> {
            try {
                keep();
            } finally { // nobody is to wait for what nobody reads any more
                state.update(last -> new State(last.attempts() + 1, Optional.empty(),
                        Optional.of("the connection is closed")));
            }
        });
    }

    /** @throws ApiFailure.Unreachable there are no usable credentials */
    Session current() throws ApiFailure.Unreachable, InterruptedException {
        State now = settled(0);
        return now.session()
                .orElseThrow(() -> new ApiFailure.Unreachable(now.trouble().orElse("there are no credentials")));
    }

    /** Another than the one that the server refused; empty if there is none. */
    Optional<Session> insteadOf(Session old) throws InterruptedException {
        State before = state.value();
        if (before.session().filter(now -> now.number() > old.number()).isEmpty()
                && (old.isYoungerThan(look) || before.trouble().isPresent())) {
            return Optional.empty();
        }
        refused.update(number -> number >= old.number() ? number : old.number());
        return settled(old.number()).session().filter(now -> now.number() > old.number());
    }

    /** Why there is nothing newer than the current session. */
    Optional<String> trouble() {
        return state.value().trouble();
    }

    /** Where requests go, for a person. */
    String server() {
        return state.value().session().map(session -> session.access().server().url().toString())
                .orElseGet(() -> switch (settings.from()) {
                    case ConnectionSettings.From.Kubeconfig(Path file, _) -> "of kubeconfig " + file;
                    case ConnectionSettings.From.InCluster(_, URI server) -> server.toString();
                });
    }

    @Override
    public void close() {
        threads.close();
        clients.close();
    }

    /** Once a session newer than {@code number} is there, or could not be had. */
    private State settled(int number) throws InterruptedException {
        Cell.Versioned<State> now = state.current();
        while (now.value().attempts() == 0 || now.value().trouble().isEmpty()
                && now.value().session().filter(session -> session.number() > number).isEmpty()) {
            now = state.after(now.version());
        }
        return now.value();
    }

    private void keep() throws InterruptedException {
        Cell.Versioned<Integer> told = refused.current();
        for (int failures = 0;;) {
            ReadFiles files = new ReadFiles();
            failures = renew(files) ? 0 : failures + 1;
            Duration pause = failures == 0 ? look : pace.after(failures, Optional.empty());
            do {
                told = refused.after(told.version(), pause);
                clients.endOld();
            } while (failures == 0 && !isDue(told.value(), files));
        }
    }

    private boolean isDue(int refusedNumber, ReadFiles files) {
        return files.haveChanged() || state.value().session().filter(now -> refusedNumber < now.number()
                && (now.isYoungerThan(look) || !now.hasExpired(Instant.now()))).isEmpty();
    }

    private boolean renew(ReadFiles files) throws InterruptedException {
        State before = state.value();
        try {
            Session session = session(files, before.session().map(Session::number).orElse(0) + 1);
            before.trouble().filter(_ -> before.session().isPresent())
                    .ifPresent(_ -> LOG.info("credentials for API server {} can be taken up again", session.access()));
            state.set(new State(before.attempts() + 1, Optional.of(session), Optional.empty()));
            return true;
        } catch (FileTrouble e) {
            failed(before, String.valueOf(e.getMessage()));
        } catch (RuntimeException | StackOverflowError e) { // not to be given up in silence; its message may hold a secret
            failed(before, "unexpected " + e.getClass().getName()
                    + Arrays.stream(e.getStackTrace()).findFirst().map(frame -> " at " + frame).orElse(""));
        }
        return false;
    }

    private void failed(State before, String why) {
        if (before.trouble().isEmpty() && before.session().isPresent()) {
            LOG.warn("{}; what was there before stays in use, retrying", why);
        }
        state.set(new State(before.attempts() + 1, before.session(), Optional.of(why)));
    }

    private Session session(ReadFiles files, int number) throws FileTrouble, InterruptedException {
        Access access = switch (settings.from()) {
            case ConnectionSettings.From.Kubeconfig kubeconfig -> Kubeconfig.read(files, kubeconfig);
            case ConnectionSettings.From.InCluster inCluster -> InCluster.read(files, inCluster);
        };
        Optional<Instant> expires = Optional.empty();
        if (access.plugin().isPresent()) {
            ExecPlugin.Credential credential = access.plugin().get().credential();
            access = access.with(credential);
            expires = credential.expires();
        }
        return new Session(number, access, clients.of(access), System.nanoTime(), expires);
    }
}
