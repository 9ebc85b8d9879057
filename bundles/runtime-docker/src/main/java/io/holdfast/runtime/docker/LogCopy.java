package io.holdfast.runtime.docker;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.holdfast.runtime.RuntimeRefused;
import io.holdfast.runtime.RuntimeUnreachable;
import io.holdfast.runtime.docker.LogEntries.Entry;

/**
 * Copies one container's log to where Kubernetes has it, from where the copy ends, until the container has ended. That is
 * known from the copy itself: nothing is lost or twice in it when the agent was away or the Engine was.
 */
final class LogCopy {

    private static final Logger LOG = LoggerFactory.getLogger(LogCopy.class);
    private static final Duration AGAIN = Duration.ofMillis(100);
    private static final int BATCH = 1 << 16;

    private final Engine engine;
    private final String id;
    private final LogLimits limits;
    private final Thread thread;
    private volatile @Nullable LogFile file;
    private volatile boolean complete;

    LogCopy(Engine engine, String id, LogLimits limits) {
        this.engine = engine;
        this.id = id;
        this.limits = limits;
        thread = Thread.ofVirtual().name("log " + id)
                .uncaughtExceptionHandler((t, e) -> LOG.error("thread {} ended by a fault", t.getName(), e))
                .unstarted(this::run);
    }

    LogCopy begin() {
        thread.start();
        return this;
    }

    boolean atWork() {
        return thread.isAlive();
    }

    /** Whether all is copied that a container which has ended wrote. */
    boolean complete() {
        return complete;
    }

    boolean join(Duration most) throws InterruptedException {
        return thread.join(most);
    }

    void interrupt() {
        thread.interrupt();
    }

    void reopen() throws IOException {
        LogFile open = file;
        if (open != null) {
            open.reopen();
        }
    }

    private void run() {
        try {
            copyUntilEnded();
            complete = true;
        } catch (InterruptedException _) {
            // this runtime is being stopped, and the next goes on
        } catch (RuntimeUnreachable e) {
            LOG.debug("log of container {}: {}", id, e.getMessage()); // the look that reaches it again begins anew
        } catch (RuntimeRefused | IOException e) {
            complete = true; // trying again at every look would say so every time
            LOG.warn("the log of container {} is not copied any further: {}", id, e.toString());
        }
    }

    /** One that has ended when asked is copied once more: the stream may have ended before it. */
    private void copyUntilEnded() throws InterruptedException, IOException {
        for (boolean runs = true; runs;) {
            Optional<Json> container = engine.get("/containers/" + id + "/json").ifThere();
            String path = container.map(c -> c.at("Config", "Labels", Labels.LOG_PATH).text()).orElse("");
            if (path.isEmpty() || !Files.isDirectory(Path.of(path).resolveSibling(""))) {
                return; // it was removed, with what belongs to it
            }
            runs = container.filter(c -> c.at("State", "Running").flag()).isPresent();
            boolean terminal = container.filter(c -> c.at("Config", "Tty").flag()).isPresent();
            try (LogFile to = new LogFile(Path.of(path), limits)) {
                file = to;
                LogFile.End end = to.end();
                engine.stream("GET", path(end), null, Map.of(), body -> copy(body, terminal, end, to));
            }
            if (runs) {
                Thread.sleep(AGAIN);
            }
        }
    }

    private String path(LogFile.End end) {
        String path = "/containers/" + id + "/logs?follow=1&stdout=1&stderr=1&timestamps=1";
        return end.time().isEmpty() ? path : path + "&since=" + Events.time(Instant.parse(end.time()));
    }

    private static void copy(InputStream body, boolean terminal, LogFile.End end, LogFile to) throws IOException {
        LogEntries entries = new LogEntries(body, terminal);
        ByteArrayOutputStream batch = new ByteArrayOutputStream();
        int skip = end.entries();
        for (Entry entry = entries.next(); entry != null; entry = entries.next()) {
            int order = entry.time().compareTo(end.time());
            if (order > 0 || order == 0 && skip-- <= 0) {
                entry.write(batch);
            }
            if (batch.size() >= BATCH || !entries.more()) {
                to.write(batch.toByteArray());
                batch.reset();
            }
        }
    }
}
