package io.holdfast.reconciler;

import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

import io.holdfast.pod.Container;
import io.holdfast.pod.PodName;
import io.holdfast.pod.PodSpec;
import io.holdfast.runtime.ContainerRuntime.Image;
import io.holdfast.runtime.RuntimeRefused;
import io.holdfast.runtime.RuntimeUnreachable;
import io.holdfast.source.ConfigObject;
import io.holdfast.source.DesiredPod;

/**
 * Sees to it that a pod can be started before anything of it is stopped for that: the engine can do what is asked for, the
 * node allows it, and the images are there. Owned by the worker.
 */
final class Groundwork {

    /** What for. */
    enum Purpose {
        /** Images are not copied from one engine to another. */
        Move("FailedMove", "cannot move to runtime %s, it stays where it is: %s"),
        Update("FailedUpdate", "cannot run the changed manifest on runtime %s, it stays as it was: %s");

        private final String reason;
        private final String format;

        Purpose(String reason, String format) {
            this.reason = reason;
            this.format = format;
        }
    }

    private final Purpose purpose;
    private final PodName name;
    private final Kit kit;
    private final EventLog events;
    private final Runnable wake;
    private final Supplier<Map<ConfigObject.Key, ConfigObject>> objects;

    private String where = "";
    private boolean allowed;
    private final Set<String> there = new HashSet<>();
    private int failures;
    private Instant retryAt = Instant.MIN;
    private String missing = "";

    Groundwork(Purpose purpose, PodName name, Kit kit, EventLog events, Runnable wake,
            Supplier<Map<ConfigObject.Key, ConfigObject>> objects) {
        this.purpose = purpose;
        this.name = name;
        this.kit = kit;
        this.events = events;
        this.wake = wake;
        this.objects = objects;
    }

    /** Try at once: what it waits for may have come. */
    void forgive() {
        failures = 0;
        retryAt = Instant.MIN;
    }

    /** Whether it was tried and is not possible for now. */
    boolean isBlocked() {
        return failures > 0;
    }

    /** When to ask again, if it is not possible now. */
    Instant retryAt() {
        return retryAt.isAfter(kit.now()) ? retryAt : Instant.MAX;
    }

    /** What it waits for, when it was not possible. */
    String missing() {
        return missing;
    }

    /** Whether it can start now; if not, it is told why, and the worker is woken or comes again by {@link #retryAt}. */
    boolean isDone(DesiredPod pod, Kit.Engine on) throws InterruptedException {
        String goal = pod.uid() + " " + pod.pod().metadata().annotations() + " " + on.name();
        if (!goal.equals(where)) {
            where = goal;
            allowed = false;
            there.clear();
            forgive();
        }
        if (retryAt.isAfter(kit.now())) {
            return false;
        }
        boolean all = allowed || isAllowed(pod.pod().spec(), on);
        for (Container container : Containers.all(pod.pod().spec())) {
            all &= there.contains(container.name()) || isThere(pod, container, on);
        }
        return all;
    }

    private boolean isAllowed(PodSpec spec, Kit.Engine on) throws InterruptedException {
        try {
            Optional<String> why = Sysctls.forbidden(spec, kit.policy());
            if (why.isEmpty()) {
                why = on.runtime().cannot(spec, on.handler());
            }
            allowed = why.isEmpty();
            return allowed || failed(on, why.get());
        } catch (RuntimeUnreachable | RuntimeRefused e) {
            return failed(on, String.valueOf(e.getMessage()));
        }
    }

    private boolean isThere(DesiredPod pod, Container container, Kit.Engine on) throws InterruptedException {
        String ticket = name + "/" + container.name() + "=" + container.image() + " on " + on.name();
        Images.Wish wish = new Images.Wish(on.runtime(), container, ticket, PullSecrets.of(pod.pod(), objects.get()).found(), wake);
        try {
            return switch (kit.images().get(wish)) {
                case Images.Answer.Present(Image image, _) -> {
                    Optional<String> problem = Confinement.problem(pod.pod(), container, image, kit.policy());
                    yield problem.isEmpty() ? there.add(container.name()) : failed(on, problem.get());
                }
                case Images.Answer.Coming(String progress) -> {
                    missing = progress;
                    yield false;
                }
                case Images.Answer.Away(RuntimeUnreachable why) -> failed(on, String.valueOf(why.getMessage()));
                case Images.Answer.Failed(_, String message) -> failed(on,
                        "image \"" + container.image() + "\" is not there: " + message);
            };
        } catch (RuntimeUnreachable e) {
            return failed(on, String.valueOf(e.getMessage()));
        }
    }

    private boolean failed(Kit.Engine on, String why) {
        missing = why;
        failures++;
        retryAt = kit.now().plus(kit.settings().pullBackoff().afterFailures(failures));
        events.warning(kit.now(), purpose.reason, purpose.format.formatted(on.name(), why));
        return false;
    }
}
