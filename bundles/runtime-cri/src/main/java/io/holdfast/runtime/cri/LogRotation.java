package io.holdfast.runtime.cri;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.holdfast.cell.Cell;
import io.holdfast.kit.thread.Threads;
import io.holdfast.runtime.ContainerRuntime.ContainerId;
import io.holdfast.runtime.ObservedPod;
import io.holdfast.runtime.ObservedPod.State;
import io.holdfast.runtime.RuntimeRefused;
import io.holdfast.runtime.RuntimeUnreachable;

/**
 * Keeps the logs of running containers small (behaviour G2), which CRI leaves to whoever uses it: what is full is moved
 * aside, and the engine told to write on into a new file.
 */
final class LogRotation implements Threads.Body {

    private static final Logger LOG = LoggerFactory.getLogger(LogRotation.class);
    static final Duration PERIOD = Duration.ofSeconds(10);

    /** Tells the engine to open a container's log anew. */
    interface Reopening {
        void reopen(ContainerId id) throws InterruptedException;
    }

    private final RotatedLogs files;
    private final Reopening engine;
    private final Cell<Map<ContainerId, Path>> running = new Cell<>(Map.of());
    /** Of which it was said that they cannot be rotated. Owned by the thread. */
    private final Map<ContainerId, String> troubles = new HashMap<>();

    LogRotation(RotatedLogs files, Reopening engine) {
        this.files = files;
        this.engine = engine;
    }

    /**
     * Returns at once, from any thread.
     *
     * @param pods all there are
     */
    void observed(List<ObservedPod> pods) {
        Map<ContainerId, Path> logs = new HashMap<>();
        pods.stream().flatMap(p -> p.sandboxes().stream()).flatMap(s -> s.containers().stream())
                .filter(c -> c.state() instanceof State.Running && c.logPath() != null)
                .forEach(c -> logs.put(c.id(), Path.of(c.logPath())));
        running.update(before -> before.equals(logs) ? before : Map.copyOf(logs));
    }

    @Override
    public void run() throws InterruptedException {
        while (true) {
            Thread.sleep(PERIOD);
            round();
        }
    }

    void round() throws InterruptedException {
        Map<ContainerId, Path> logs = running.value();
        troubles.keySet().retainAll(Set.copyOf(logs.keySet()));
        for (Map.Entry<ContainerId, Path> log : logs.entrySet()) {
            try {
                rotate(log.getKey(), log.getValue());
                troubles.remove(log.getKey());
            } catch (IOException | RuntimeRefused | RuntimeUnreachable e) {
                String trouble = String.valueOf(e.getMessage());
                if (!trouble.equals(troubles.put(log.getKey(), trouble))) {
                    LOG.warn("log {} grows on, as it cannot be rotated: {}", log.getValue(), trouble);
                }
            }
        }
    }

    private void rotate(ContainerId id, Path log) throws IOException, InterruptedException {
        if (!Files.isDirectory(log.resolveSibling("."))) {
            return; // gone with its pod since that was seen
        }
        if (!Files.exists(log)) {
            engine.reopen(id); // it was moved, and then the agent or the engine stopped
        } else if (files.isFull(log)) {
            Path moved = files.moveAside(log);
            try {
                engine.reopen(id);
            } catch (RuntimeRefused | RuntimeUnreachable e) {
                files.moveBack(moved, log);
                throw e;
            }
        }
    }
}
