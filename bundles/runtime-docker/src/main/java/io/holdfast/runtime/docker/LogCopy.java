package io.holdfast.runtime.docker;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.holdfast.cell.Cell;
import io.holdfast.kit.log.LogLimits;
import io.holdfast.runtime.RuntimeRefused;
import io.holdfast.runtime.RuntimeUnreachable;

/**
 * Copies one container's log to where Kubernetes has it, from where the copy ends, until the container has ended. That is
 * known from the copy itself: nothing is lost or twice in it when the agent was away.
 */
final class LogCopy {

    private static final Logger LOG = LoggerFactory.getLogger(LogCopy.class);
    /** Where something was written there is often more. */
    private static final Duration SOON = Duration.ofMillis(20);
    private static final int BATCH = 1 << 14;

    private final Engine engine;
    private final String id;
    private final LogLimits limits;
    private final Thread thread;
    /** How often there was a reason to read on. */
    private final Cell<Long> news = new Cell<>(0L);
    private volatile boolean ended;
    private volatile @Nullable Path source;
    /** Bytes in the source when it was last looked at. */
    private volatile long size = -1;
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

    /** The container has ended, and Docker has written all: copies the rest, and no more. */
    LogCopy finish() {
        ended = true;
        news.update(n -> n + 1);
        return this;
    }

    /** Has it read on when the source is another size. Called by one thread for all copies: a thread's own waking costs more. */
    void look() {
        Path watched = source;
        long now = watched == null ? size : watched.toFile().length();
        if (now != size) {
            size = now;
            news.update(n -> n + 1);
        }
    }

    void join(Duration most) throws InterruptedException {
        thread.join(most);
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
            copy();
            complete = true;
        } catch (InterruptedException | ClosedByInterruptException _) {
            // this runtime is being stopped, and the next goes on
        } catch (RuntimeUnreachable e) {
            LOG.debug("log of container {}: {}", id, e.getMessage()); // the look that reaches it again begins anew
        } catch (RuntimeRefused | IOException e) {
            complete = true; // trying again at every look would say so every time
            LOG.warn("the log of container {} is not copied any further, docker logs has the rest: {}", id, e.toString());
        }
    }

    private void copy() throws InterruptedException, IOException {
        Optional<Json> container = engine.get("/containers/" + id + "/json").ifThere();
        String from = container.map(c -> c.at("LogPath").text()).orElse("");
        String to = container.map(c -> c.at("Config", "Labels", Labels.LOG_PATH).text()).orElse("");
        if (from.isEmpty() || to.isEmpty() || !Files.isDirectory(Path.of(to).resolveSibling(""))) {
            return; // it was never started, or was removed with what belongs to it
        }
        try (LogFile copy = new LogFile(Path.of(to), limits);
                JsonLog log = JsonLog.after(copy.end(), Path.of(from), limits.maxFiles())) {
            file = copy;
            source = Path.of(from);
            follow(log, copy);
        }
    }

    private void follow(JsonLog log, LogFile copy) throws InterruptedException, IOException {
        for (boolean last = false; !last;) {
            long version = news.current().version();
            last = ended;
            if (copyAll(log, copy) && !last) {
                news.after(version, SOON);
            } else if (!last) {
                news.after(version);
            }
        }
    }

    /** All that there is just now, if any. */
    private static boolean copyAll(JsonLog log, LogFile copy) throws IOException {
        ByteArrayOutputStream batch = new ByteArrayOutputStream();
        boolean any = false;
        for (LogEntry entry = log.next(); entry != null; entry = log.next()) {
            entry.write(batch);
            any = true;
            if (batch.size() >= BATCH) {
                copy.write(batch.toByteArray());
                batch.reset();
            }
        }
        if (batch.size() > 0) {
            copy.write(batch.toByteArray());
        }
        return any;
    }
}
