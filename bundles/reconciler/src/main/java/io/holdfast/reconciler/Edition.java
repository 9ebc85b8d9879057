package io.holdfast.reconciler;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import io.holdfast.pod.Container;
import io.holdfast.pod.PodSpec;
import io.holdfast.pod.PodSpec.RestartPolicy;
import io.holdfast.runtime.Names;
import io.holdfast.runtime.ObservedPod;
import io.holdfast.runtime.ObservedPod.Sandbox;
import io.holdfast.runtime.ObservedPod.State;
import io.holdfast.source.DesiredPod;

/**
 * What the runtime has of one edition of a pod.
 *
 * @param sandboxes newest first
 */
record Edition(List<Sandbox> sandboxes) {

    static Edition of(String uid, List<Sandbox> seen) {
        return new Edition(seen.stream().filter(s -> s.uid().equals(uid))
                .sorted(Comparator.comparingInt(Sandbox::attempt).thenComparing(Sandbox::createdAt).reversed())
                .toList());
    }

    Optional<Sandbox> newest() {
        return sandboxes.stream().findFirst();
    }

    int nextSandboxAttempt() {
        return newest().map(s -> s.attempt() + 1).orElse(0);
    }

    /** All containers of that name, the newest attempt first. */
    Stream<ObservedPod.Container> containers(String name) {
        return sandboxes.stream().flatMap(s -> s.containers().stream()).filter(c -> c.name().equals(name))
                .sorted(Comparator.comparingInt(ObservedPod.Container::attempt).reversed());
    }

    Optional<ObservedPod.Container> newest(String container) {
        return containers(container).findFirst();
    }

    /** Every container ended for good, as its restart policy has it (behaviours C3, L2). */
    boolean completed(PodSpec spec) {
        return spec.containers().stream().allMatch(c -> newest(c.name()).filter(d -> ended(c, d, spec)).isPresent());
    }

    static boolean ended(Container container, ObservedPod.Container observed, PodSpec spec) {
        RestartPolicy policy = container.restartPolicy() == null ? spec.restartPolicy() : container.restartPolicy();
        return observed.state() instanceof State.Exited exited && ConfigChanges.note(observed).isEmpty() && switch (policy) {
            case Always -> false;
            case OnFailure -> exited.exitCode() == 0;
            case Never -> true;
        };
    }

    /** A manifest that sets {@code metadata.uid} itself was edited: the UID is the same, what it stands for is not. */
    static boolean isOutdated(Sandbox sandbox, DesiredPod desired) {
        String was = sandbox.annotations().get(Names.CONFIG_HASH);
        String is = desired.pod().metadata().annotations().get(Names.CONFIG_HASH);
        return sandbox.uid().equals(desired.uid()) && was != null && is != null && !was.equals(is);
    }

    /** Something of it runs, or holds the node's resources. */
    static boolean alive(Sandbox sandbox) {
        return sandbox.ready() || sandbox.containers().stream().anyMatch(c -> switch (c.state()) {
            case State.Running _, State.Unknown _ -> true;
            case State.Created _, State.Exited _ -> false;
        });
    }
}
