package io.holdfast.runtime.cri;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.holdfast.runtime.ObservedPod.State;
import io.holdfast.runtime.cri.wire.TaskExit;

/**
 * Exits that containerd's events told. Its lists show them some 30 to 50 ms later, when it has tidied up; a restart need
 * not wait for that.
 */
final class Ends {

    /** How long what is not listed is kept: it may have been made, and have ended, just after the list was. */
    private static final Duration KEPT = Duration.ofMinutes(1);

    private record End(int code, Instant at) {
    }

    private final Map<String, End> ends = new ConcurrentHashMap<>();
    private final Map<String, Instant> outOfMemory = new ConcurrentHashMap<>();

    void ended(TaskExit exit) {
        Instant at = Instant.ofEpochSecond(exit.getExitedAt().getSeconds(), exit.getExitedAt().getNanos());
        ends.put(exit.getContainerId(), new End(exit.getExitStatus(), at));
    }

    void outOfMemory(String id) {
        outOfMemory.put(id, Instant.now());
    }

    boolean has(String id) {
        return ends.containsKey(id);
    }

    /** The state of a container that is listed as running. */
    State of(String id, Instant started) {
        End end = ends.get(id);
        if (end == null) {
            return new State.Running(started);
        }
        String reason = outOfMemory.containsKey(id) ? "OOMKilled" : end.code() == 0 ? "Completed" : "Error";
        return new State.Exited(end.code(), reason, "", started, end.at().isBefore(started) ? started : end.at());
    }

    void prune(Set<String> listed) {
        Instant old = Instant.now().minus(KEPT);
        ends.entrySet().removeIf(e -> !listed.contains(e.getKey()) && e.getValue().at().isBefore(old));
        outOfMemory.entrySet().removeIf(e -> !listed.contains(e.getKey()) && e.getValue().isBefore(old));
    }
}
