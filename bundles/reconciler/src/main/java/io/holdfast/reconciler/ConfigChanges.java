package io.holdfast.reconciler;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.holdfast.pod.Container;
import io.holdfast.pod.Pod;
import io.holdfast.runtime.ObservedPod;
import io.holdfast.runtime.ObservedPod.Sandbox;
import io.holdfast.runtime.ObservedPod.State;
import io.holdfast.source.ConfigObject;
import io.holdfast.source.ConfigObject.Key;
import io.holdfast.source.DesiredPod;

/**
 * Brings what changes of ConfigMaps and Secrets to a pod that is here: files are written in place, and containers that
 * have read something else get a note for the planner. Owned by the worker.
 */
final class ConfigChanges {

    /** Annotation on pods: {@code restart} (as without it) or {@value #IGNORE}. */
    static final String ON_CHANGE = "holdfast.io/on-config-change";
    private static final String IGNORE = "ignore";

    /** Annotation on containers as they are observed, never on the engine: why they have to be made anew. */
    private static final String NOTE = "io.holdfast.config-changed";

    private final Kit kit;
    private final EventLog events;
    private String uid = "";
    private Map<Key, ConfigObject> written = Map.of();
    private int failures;
    private Instant retryAt = Instant.MAX;

    ConfigChanges(Kit kit, EventLog events) {
        this.kit = kit;
        this.events = events;
    }

    /** Why it is to be stopped, if it runs, or to be started anew at once, if it has ended. */
    static Optional<String> note(ObservedPod.Container container) {
        return Optional.ofNullable(container.annotations().get(NOTE));
    }

    /** When to come again at the latest, because files could not be written. */
    Instant orRetryAt(Instant other) {
        return retryAt.isBefore(other) ? retryAt : other;
    }

    /**
     * What was seen of a pod that is to run, with notes; the files in its volumes are up to date afterwards.
     *
     * @param desired null: it is not to run
     */
    List<Sandbox> applied(@Nullable DesiredPod desired, List<Sandbox> seen, Map<Key, ConfigObject> all)
            throws InterruptedException {
        if (desired == null || seen.stream().noneMatch(s -> s.uid().equals(desired.uid()))) {
            uid = ""; // there is nothing that it could be brought to
            failures = 0;
            retryAt = Instant.MAX;
            return seen;
        }
        ConfigObjects objects = new ConfigObjects(desired.name().namespace(), all);
        refresh(desired, objects);
        return seen.stream().map(s -> s.uid().equals(desired.uid()) ? noted(desired, s, objects) : s).toList();
    }

    private void refresh(DesiredPod desired, ConfigObjects objects) throws InterruptedException {
        Map<Key, ConfigObject> now = new HashMap<>();
        for (Key key : References.of(desired.pod())) {
            now.compute(key, (_, _) -> objects.all().get(key));
        }
        if (desired.uid().equals(uid) && now.equals(written) && kit.now().isBefore(retryAt)) {
            return;
        }
        uid = desired.uid();
        written = now;
        Volumes volumes = new Volumes(new PodFields(desired.pod(), kit.node(), List.of()),
                PodDirectory.of(kit.node(), desired.name(), uid), objects);
        try {
            volumes.refresh().forEach(why -> events.warning(kit.now(), "FailedMount", why));
            failures = 0;
            retryAt = Instant.MAX;
        } catch (IOException e) {
            events.warning(kit.now(), "FailedMount", Volumes.reason(e));
            retryAt = kit.now().plus(kit.settings().retry().afterFailures(++failures));
        }
    }

    private Sandbox noted(DesiredPod desired, Sandbox s, ConfigObjects objects) {
        List<ObservedPod.Container> containers = new ArrayList<>();
        for (ObservedPod.Container c : s.containers()) {
            containers.add(why(desired, s, c, objects).map(why -> with(c, why)).orElse(c));
        }
        return new Sandbox(s.id(), s.uid(), s.attempt(), s.ready(), s.createdAt(), s.ips(), s.labels(), s.annotations(),
                containers);
    }

    private Optional<String> why(DesiredPod desired, Sandbox sandbox, ObservedPod.Container observed, ConfigObjects objects) {
        Pod pod = desired.pod();
        return switch (observed.state()) {
            case State.Running _ -> changed(pod, sandbox, observed, objects);
            case State.Exited _ -> Files.exists(mark(pod, sandbox, observed)) ? Optional.of("its configuration changed")
                            : changed(pod, sandbox, observed, objects).filter(_ -> container(pod, observed.name())
                                    .filter(c -> !Edition.ended(c, observed, pod.spec())).isPresent());
            case State.Created _, State.Unknown _ -> Optional.empty();
        };
    }

    private Optional<String> changed(Pod pod, Sandbox sandbox, ObservedPod.Container observed, ConfigObjects objects) {
        String hashes = observed.annotations().getOrDefault(ReadConfig.ANNOTATION, "");
        Optional<Container> container = container(pod, observed.name());
        if (hashes.isEmpty() || container.isEmpty() || IGNORE.equals(pod.metadata().annotations().get(ON_CHANGE))) {
            return Optional.empty();
        }
        try {
            Optional<String> why = new ReadConfig(container.get(), fields(pod, sandbox), objects).changedSince(hashes, sandbox.uid());
            if (why.isEmpty() && observed.state() instanceof State.Running) { // it was to stop, did not, and may run on now
                Files.deleteIfExists(mark(pod, sandbox, observed));
            }
            return why;
        } catch (IOException e) {
            return Optional.empty(); // as it is now it could not be made anew: better old than none
        }
    }

    private Path mark(Pod pod, Sandbox sandbox, ObservedPod.Container observed) {
        return PodDirectory.of(kit.node(), pod.podName(), sandbox.uid()).stoppedForConfig(observed.name(), observed.attempt());
    }

    private PodFields fields(Pod pod, Sandbox sandbox) {
        return new PodFields(pod, kit.node(), pod.spec().hostNetwork() ? List.of(kit.node().ip()) : sandbox.ips());
    }

    private static Optional<Container> container(Pod pod, String name) {
        return Stream.concat(pod.spec().containers().stream(), pod.spec().initContainers().stream())
                .filter(c -> c.name().equals(name)).findFirst();
    }

    private static ObservedPod.Container with(ObservedPod.Container c, String why) {
        Map<String, String> annotations = new HashMap<>(c.annotations());
        annotations.put(NOTE, why);
        return new ObservedPod.Container(c.id(), c.name(), c.attempt(), c.state(), c.image(), c.imageId(), c.logPath(),
                c.labels(), annotations);
    }
}
