package io.holdfast.manifest;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.holdfast.cell.Cell;
import io.holdfast.source.Manifest;
import io.holdfast.source.ManifestSink;
import io.holdfast.source.ManifestSource;

/**
 * Runs one source: a thread that watches, a thread that reads what the other reports, so that reports return at once
 * and no source waits for another's parsing (behaviour S6).
 */
final class SourceWorker implements ManifestSink {

    private static final Logger LOG = LoggerFactory.getLogger(Manifests.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    /** Trying costs little, and a directory that is back should be noticed soon. */
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    /**
     * @param manifests the newest report, or null before the first
     * @param failure why watch failed after that, or null
     */
    private record Input(@Nullable List<Manifest> manifests, @Nullable String failure) {
    }

    private final String name;
    private final String pid;
    private final ManifestSource service;
    private final Manifests manifests;
    private final OriginReader reader;
    private final Cell<Input> input = new Cell<>(new Input(null, null));
    private final Cell<List<Thread>> threads = new Cell<>(List.of());

    SourceWorker(String name, String pid, ManifestSource service, Manifests manifests) {
        this.name = name;
        this.pid = pid;
        this.service = service;
        this.manifests = manifests;
        this.reader = new OriginReader(name, manifests.node(),
                pod -> manifests.state().desired().pods().get(pod), manifests.clock());
    }

    String name() {
        return name;
    }

    /** Of the source's configuration. */
    String pid() {
        return pid;
    }

    boolean isOf(String configuration) {
        return pid.equals(configuration);
    }

    boolean runs(ManifestSource other) {
        return service.equals(other);
    }

    void start() {
        threads.set(List.of(Threads.start("manifest-read " + name, this::read),
                Threads.start("manifest-watch " + name, this::watch)));
    }

    void close() {
        List<Thread> running = threads.value();
        threads.set(List.of());
        Threads.stop(running);
    }

    @Override
    public void replace(List<Manifest> all) {
        List<Manifest> copy = List.copyOf(all);
        input.set(new Input(copy, null));
    }

    private void watch() throws InterruptedException {
        Duration pause = FIRST_PAUSE;
        while (true) {
            long reports = input.current().version();
            String failure;
            try {
                service.watch(this);
                failure = "it stopped watching";
            } catch (IOException | RuntimeException | LinkageError e) {
                failure = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            String why = failure;
            pause = input.current().version() > reports ? FIRST_PAUSE : pause;
            input.update(in -> why.equals(in.failure()) ? in : new Input(in.manifests(), why));
            Thread.sleep(pause);
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
        }
    }

    private void read() throws InterruptedException {
        manifests.awaitRestored();
        manifests.arrived(this);
        long version = 0;
        List<Manifest> last = null;
        Instant failingSince = null;
        while (true) {
            Cell.Versioned<Input> newest = input.after(version);
            version = newest.version();
            List<Manifest> report = newest.value().manifests();
            String failure = newest.value().failure();
            failingSince = edge(failingSince, failure);
            take(isSame(report, last) ? null : report, failure);
            last = report;
        }
    }

    @SuppressWarnings("ReferenceEquality") // one report is taken once, an equal one is a report of its own
    private static boolean isSame(@Nullable List<Manifest> a, @Nullable List<Manifest> b) {
        return a == b;
    }

    private void take(@Nullable List<Manifest> report, @Nullable String failure) {
        SourceState before = manifests.state().source(name);
        if (before == null || report == null) {
            manifests.change(s -> s.with(this, source -> source.failing(failure)));
            return;
        }
        Map<String, Origin> origins = reader.read(report, before.origins());
        Trouble.log(name, before.origins(), origins);
        Instant now = manifests.clock().instant();
        manifests.change(s -> s.with(this, source -> source.read(origins, now).failing(failure)));
    }

    private @Nullable Instant edge(@Nullable Instant failingSince, @Nullable String failure) {
        Instant now = manifests.clock().instant();
        if (failure != null && failingSince == null) {
            LOG.warn("source {} fails, retrying: {}", name, failure);
            return now;
        }
        if (failure == null && failingSince != null) {
            LOG.info("source {} works again after {} s", name, Duration.between(failingSince, now).toSeconds());
            return null;
        }
        return failingSince;
    }
}
