package io.holdfast.reconciler;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.holdfast.cell.Cell;
import io.holdfast.pod.PodName;
import io.holdfast.runtime.ContainerRuntime;
import io.holdfast.runtime.ObservedPod;
import io.holdfast.runtime.RuntimeInfo;
import io.holdfast.runtime.RuntimeRefused;
import io.holdfast.runtime.RuntimeUnreachable;

/**
 * Keeps in touch with one engine: passes its hints on to the workers, and looks at all of it now and then, because hints
 * may be lost (behaviours L3, R2).
 */
final class EngineLink {

    private static final Logger LOG = LoggerFactory.getLogger(EngineLink.class);
    private static final Backoff RECONNECT = new Backoff(Duration.ofMillis(100), Duration.ofMillis(800), Duration.ZERO);

    private static final Duration WITHOUT_EVENTS = Duration.ofSeconds(1); // behaviours R2, L3

    private final String name;
    private final ContainerRuntime runtime;
    private final PodWorkers workers;
    private final Kit kit;
    private final BooleanSupplier there;
    private final Cell<Long> looksAsked = new Cell<>(0L);
    private volatile boolean eventful;
    private final Thread watcher;
    private final Thread relister;

    /** @param there whether the runtime is still to be used: one that is being taken away fails, and that is no trouble */
    EngineLink(String name, ContainerRuntime runtime, PodWorkers workers, Kit kit, BooleanSupplier there) {
        this.name = name;
        this.runtime = runtime;
        this.workers = workers;
        this.kit = kit;
        this.there = there;
        relister = Threads.start("relist " + name, this::relist);
        watcher = Threads.start("watch " + name, this::watch);
    }

    boolean isOf(@Nullable ContainerRuntime other) {
        return runtime.equals(other);
    }

    void close() throws InterruptedException {
        watcher.interrupt();
        relister.interrupt();
        watcher.join(Duration.ofMillis(500));
        relister.join(Duration.ofMillis(500));
    }

    private void watch() throws InterruptedException {
        int failures = 0;
        while (true) {
            try {
                runtime.watch(new Hints());
            } catch (RuntimeException e) { // of whatever kind: others write runtimes, too
                LOG.debug("no events from runtime {}: {}", name, e.toString());
            }
            failures = eventful ? 1 : failures + 1;
            eventful = false;
            looksAsked.update(n -> n + 1);
            Thread.sleep(RECONNECT.afterFailures(failures));
        }
    }

    private final class Hints implements ContainerRuntime.Hints {

        @Override
        public void look(PodName pod) {
            workers.poke(pod);
        }

        @Override
        public void lookAtAll() {
            eventful = true;
            looksAsked.update(n -> n + 1);
        }
    }

    private void relist() throws InterruptedException {
        boolean reached = true; // so that a first failure is told
        boolean known = false;
        Instant lost = kit.now();
        while (true) {
            long asked = looksAsked.current().version();
            try {
                List<ObservedPod> pods = runtime.pods();
                tell(pods, known);
                if (!known) {
                    LOG.info("runtime {} found, {} pods on it", name, pods.size());
                    asked = -1; // hints since the look found no worker to wake: look once more
                } else if (!reached) {
                    LOG.info("runtime {} reachable again after {} s, {} pods on it", name,
                            Duration.between(lost, kit.now()).toSeconds(), pods.size());
                    workers.forgiveAll();
                }
                reached = true;
                known = true;
            } catch (RuntimeException e) { // of whatever kind: there must always be a next look
                if (reached && there.getAsBoolean()) {
                    workers.failed(name);
                    if (known || kit.placements().runtimes().contains(name)) {
                        LOG.warn("runtime {} unreachable, pods are left as they are, retrying: {}", name, reason(e));
                    } else {
                        LOG.info("runtime {} does not answer, it is used once it does: {}", name, reason(e));
                    }
                    lost = kit.now();
                }
                reached = false;
            }
            looksAsked.after(asked, reached && eventful ? kit.settings().relist() : WITHOUT_EVENTS);
        }
    }

    private static String reason(RuntimeException e) {
        return e instanceof RuntimeUnreachable || e instanceof RuntimeRefused ? String.valueOf(e.getMessage()) : e.toString();
    }

    private void tell(List<ObservedPod> pods, boolean known) throws InterruptedException {
        if (known) {
            workers.observed(name, pods);
        } else {
            RuntimeInfo info = runtime.info();
            workers.adopt(new Kit.Engine(name, info.engine(), runtime, "", info.cgroups()), pods);
        }
    }
}
