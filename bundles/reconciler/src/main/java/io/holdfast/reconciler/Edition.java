package io.holdfast.reconciler;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import io.holdfast.pod.Container;
import io.holdfast.pod.PodSpec;
import io.holdfast.runtime.Names;
import io.holdfast.runtime.ObservedPod;
import io.holdfast.runtime.ObservedPod.Sandbox;
import io.holdfast.runtime.ObservedPod.State;
import io.holdfast.source.DesiredPod;

/**
 * What the runtime has of one edition of a pod.
 *
 * @param sandboxes newest first
 * @param vitals of what runs
 */
record Edition(List<Sandbox> sandboxes, Vitals vitals) {

    static Edition of(String uid, List<Sandbox> seen, Vitals vitals) {
        return new Edition(seen.stream().filter(s -> s.uid().equals(uid))
                .sorted(Comparator.comparingInt(Sandbox::attempt).thenComparing(Sandbox::createdAt).reversed())
                .toList(), vitals);
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

    /** Every main container ended for good, as its restart policy has it, or will never be started (C3, C5, C6, L2). */
    boolean completed(PodSpec spec) {
        return spec.containers().stream().allMatch(c -> newest(c.name()).filter(d -> ended(c, d, spec)).isPresent())
                || spec.initContainers().stream()
                        .anyMatch(c -> newest(c.name()).filter(d -> ended(c, d, spec) && !well(d)).isPresent());
    }

    /** It ended, and is not to be started again; an init container: not in the same sandbox (C1). */
    static boolean ended(Container container, ObservedPod.Container observed, PodSpec spec) {
        return observed.state() instanceof State.Exited && ConfigChanges.note(observed).isEmpty()
                && switch (Containers.restartPolicy(spec, container)) {
            case Always -> false;
            case OnFailure -> well(observed);
            case Never -> true;
        };
    }

    static boolean well(ObservedPod.Container observed) {
        return observed.state() instanceof State.Exited exited && exited.exitCode() == 0;
    }

    /** A main container was made in this sandbox: its init containers are done, though theirs may be removed (C5). */
    static boolean initialized(Sandbox sandbox, PodSpec spec) {
        return spec.containers().stream()
                .anyMatch(c -> sandbox.containers().stream().anyMatch(made -> made.name().equals(c.name())));
    }

    /** Whether what comes after an init container may be started in this sandbox (C5, C6). */
    boolean passed(Container init, Sandbox sandbox) {
        return newest(init.name()).filter(sandbox.containers()::contains)
                .filter(c -> Containers.isSidecar(init) ? started(c) : well(c)).isPresent();
    }

    boolean started(ObservedPod.Container container) {
        return container.state() instanceof State.Running && vitals.started(container.id());
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
