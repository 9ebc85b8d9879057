package io.holdfast.reconciler;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

import io.holdfast.pod.Container;
import io.holdfast.pod.PodName;
import io.holdfast.pod.PodSpec;
import io.holdfast.runtime.ContainerRuntime.Image;
import io.holdfast.runtime.Names;
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

    /** @param fault it does not come by waiting for what is on its way */
    private record Lack(String why, boolean fault) {
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
        String goal = pod.uid() + " " + pod.pod().metadata().annotations().get(Names.CONFIG_HASH) + " on " + on.name() + " "
                + on.handler();
        if (!goal.equals(where)) {
            where = goal;
            allowed = false;
            there.clear();
            forgive();
        }
        if (retryAt.isAfter(kit.now())) {
            return false;
        }
        List<Lack> lacks = new ArrayList<>();
        try {
            look(pod, on, lacks);
        } catch (RuntimeUnreachable | RuntimeRefused e) {
            lacks.add(new Lack(String.valueOf(e.getMessage()), true));
        }
        tell(lacks, on);
        return lacks.isEmpty();
    }

    private void look(DesiredPod pod, Kit.Engine on, List<Lack> lacks) throws InterruptedException {
        if (!allowed) {
            forbidden(pod.pod().spec(), on).ifPresent(why -> lacks.add(new Lack(why, true)));
            allowed = lacks.isEmpty();
        }
        if (allowed) { // else its images are of no use
            for (Container container : Containers.all(pod.pod().spec())) {
                if (!there.contains(container.name())) {
                    image(pod, container, on).ifPresentOrElse(lacks::add, () -> there.add(container.name()));
                }
            }
        }
    }

    private Optional<String> forbidden(PodSpec spec, Kit.Engine on) throws InterruptedException {
        Optional<String> byNode = Sysctls.forbidden(spec, kit.policy());
        return byNode.isPresent() ? byNode : on.runtime().cannot(spec, on.handler());
    }

    private Optional<Lack> image(DesiredPod pod, Container container, Kit.Engine on) throws InterruptedException {
        String ticket = name + "/" + container.name() + "=" + container.image() + " on " + on.name();
        Images.Wish wish = new Images.Wish(on.runtime(), container, ticket, PullSecrets.of(pod.pod(), objects.get()).found(), wake);
        return switch (kit.images().get(wish)) {
            case Images.Answer.Present(Image image, _) ->
                Confinement.problem(pod.pod(), container, image, kit.policy()).map(why -> new Lack(why, true));
            case Images.Answer.Coming(String progress) -> Optional.of(new Lack(progress, false));
            case Images.Answer.Away(RuntimeUnreachable why) -> throw why;
            case Images.Answer.Failed(_, String message) ->
                Optional.of(new Lack("image \"" + container.image() + "\" is not there: " + message, true));
        };
    }

    /** A fault is what a person has to know of, before anything that comes by itself. */
    private void tell(List<Lack> lacks, Kit.Engine on) {
        List<String> faults = lacks.stream().filter(Lack::fault).map(Lack::why).distinct().toList();
        missing = String.join("; ", faults.isEmpty() ? lacks.stream().map(Lack::why).distinct().toList() : faults);
        if (!faults.isEmpty()) {
            failures++;
            retryAt = kit.now().plus(kit.settings().pullBackoff().afterFailures(failures));
            events.warning(kit.now(), purpose.reason, purpose.format.formatted(on.name(), missing));
        }
    }
}
