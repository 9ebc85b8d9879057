package io.holdfast.runtime;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import org.osgi.annotation.versioning.ConsumerType;

import io.holdfast.pod.PodName;
import io.holdfast.pod.PodSpec;

/**
 * An engine that runs pods, shaped like the Container Runtime Interface; a service with the property {@value #NAME}.
 *
 * <p>
 * Every method may be called from many threads at once, blocks until the engine has answered, and gives up with
 * {@link InterruptedException} when interrupted (what was asked for may then have happened or not: the caller looks).
 * Every method that changes something may be repeated: stopping a stopped container returns, removing what is gone
 * returns. Only what carries Holdfast's label {@link Names#MANAGED} is listed or touched. Times are the engine's, sizes
 * are bytes.
 *
 * <p>
 * Errors are {@link RuntimeRefused} (this call will not succeed as it is) and {@link RuntimeUnreachable} (the engine
 * does not answer; try again later).
 */
@ConsumerType
public interface ContainerRuntime {

    /** Service property, a String such as {@code cri}. */
    String NAME = "runtime.name";

    RuntimeInfo info() throws InterruptedException;

    /** Everything Holdfast owns here, dead sandboxes and containers too: the truth. */
    List<ObservedPod> pods() throws InterruptedException;

    /** The same for one pod; empty when there is no sandbox of that name. Costs the same however many pods there are. */
    Optional<ObservedPod> pod(PodName name) throws InterruptedException;

    /**
     * Passes on what the engine tells of its own accord, until interrupted or the connection is lost. Hints may come
     * late, twice, or not at all. When a hint about an exit is given, a look shows the container as exited.
     *
     * @throws RuntimeUnreachable the connection was lost or could not be made
     */
    void watch(Hints hints) throws InterruptedException;

    Optional<Image> image(String reference) throws InterruptedException;

    /** @throws RuntimeRefused with the registry's reason */
    Image pull(String reference, PullAuth auth) throws InterruptedException;

    /**
     * Why this engine cannot run such a pod, as far as that can be said without trying; empty when nothing is known
     * against it. What runs is not ended for a pod that cannot be started.
     *
     * @param handler as {@link SandboxSpec#handler()}
     */
    default Optional<String> cannot(PodSpec spec, String handler) throws InterruptedException {
        return Optional.empty();
    }

    /** Creates and starts a sandbox. Look before repeating it: a call that failed may have created one. */
    SandboxId runSandbox(SandboxSpec spec) throws InterruptedException;

    /** Stops all that is in it at once, without grace, and gives back its network. */
    void stopSandbox(SandboxId id) throws InterruptedException;

    /** Removes a sandbox and the containers in it, by force if they run. */
    void removeSandbox(SandboxId id) throws InterruptedException;

    ContainerId create(SandboxId sandbox, SandboxSpec in, ContainerSpec spec) throws InterruptedException;

    void start(ContainerId id) throws InterruptedException;

    /** Sends the stop signal, and SIGKILL once {@code grace} is over; returns when the container has ended. */
    void stop(ContainerId id, Duration grace) throws InterruptedException;

    void remove(ContainerId id) throws InterruptedException;

    /** Has the engine open the container's log file again, after it was moved away. */
    void reopenLog(ContainerId id) throws InterruptedException;

    /** Receives hints; both return at once. */
    interface Hints {

        /** Something happened to this pod. */
        void look(PodName name);

        /** The event stream has just begun, or has lost events: look at all. */
        void lookAtAll();
    }

    record SandboxId(String value) {
        @Override
        public String toString() {
            return value;
        }
    }

    record ContainerId(String value) {
        @Override
        public String toString() {
            return value;
        }
    }

    /**
     * An image that is here.
     *
     * @param id the engine's digest of it
     * @param user as the image says, may be empty
     */
    record Image(String id, String reference, String user, long bytes) {
    }
}
