package io.holdfast.reconciler;

import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

import io.holdfast.pod.Container;
import io.holdfast.pod.PodName;
import io.holdfast.runtime.RuntimeUnreachable;
import io.holdfast.source.ConfigObject;
import io.holdfast.source.DesiredPod;

/**
 * Sees to it that a pod finds its images where it is to move to before anything of it is stopped: images are not copied
 * from one engine to another. Owned by the worker.
 */
final class Move {

    private final PodName name;
    private final Kit kit;
    private final EventLog events;
    private final Runnable wake;
    private final Supplier<Map<ConfigObject.Key, ConfigObject>> objects;

    private String where = "";
    private final Set<String> there = new HashSet<>();
    private int failures;
    private Instant retryAt = Instant.MIN;

    Move(PodName name, Kit kit, EventLog events, Runnable wake, Supplier<Map<ConfigObject.Key, ConfigObject>> objects) {
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

    /** Whether it can go now; if not, it is told why, and the worker is woken or comes again by {@link #retryAt}. */
    boolean isPossible(DesiredPod pod, Kit.Engine to) throws InterruptedException {
        String goal = pod.uid() + " " + to.name();
        if (!goal.equals(where)) {
            where = goal;
            there.clear();
            forgive();
        }
        if (retryAt.isAfter(kit.now())) {
            return false;
        }
        boolean all = true;
        for (Container container : Containers.all(pod.pod().spec())) {
            all &= there.contains(container.name()) || isThere(pod, container, to);
        }
        return all;
    }

    private boolean isThere(DesiredPod pod, Container container, Kit.Engine to) throws InterruptedException {
        String ticket = name + "/" + container.name() + "=" + container.image() + " on " + to.name();
        Images.Wish wish = new Images.Wish(to.runtime(), container, ticket, PullSecrets.of(pod.pod(), objects.get()).found(), wake);
        try {
            return switch (kit.images().get(wish)) {
                case Images.Answer.Present _ -> there.add(container.name());
                case Images.Answer.Coming _ -> false;
                case Images.Answer.Away(RuntimeUnreachable why) -> failed(to, String.valueOf(why.getMessage()));
                case Images.Answer.Failed(_, String message) -> failed(to,
                        "image \"" + container.image() + "\" is not there: " + message);
            };
        } catch (RuntimeUnreachable e) {
            return failed(to, String.valueOf(e.getMessage()));
        }
    }

    private boolean failed(Kit.Engine to, String why) {
        failures++;
        retryAt = kit.now().plus(kit.settings().pullBackoff().afterFailures(failures));
        events.warning(kit.now(), "FailedMove", "cannot move to runtime " + to.name() + ", it stays where it is: " + why);
        return false;
    }
}
