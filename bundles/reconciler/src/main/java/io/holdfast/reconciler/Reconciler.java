package io.holdfast.reconciler;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.holdfast.cell.Cell;
import io.holdfast.config.ConfigKeys;
import io.holdfast.config.Nearest;
import io.holdfast.kit.registry.Credentials;
import io.holdfast.pod.Node;
import io.holdfast.pod.PodName;
import io.holdfast.pod.PodSpec;
import io.holdfast.runtime.ContainerRuntime;
import io.holdfast.source.DesiredPod;
import io.holdfast.source.DesiredPods;
import io.holdfast.status.PodGates;
import io.holdfast.status.PodRuntimes;
import io.holdfast.status.PodStatuses;

/**
 * Passes what is desired on to the workers, and keeps a link to the engine. Stopping it leaves every pod as it is; a new
 * instance finds them by what is written on them (behaviour R8).
 */
@Component(service = { PodStatuses.class, PodRuntimes.class, PodGates.class }, configurationPid = "io.holdfast.reconciler", immediate = true)
@Designate(ocd = ReconcilerConfig.class)
public final class Reconciler implements PodStatuses, PodRuntimes, PodGates {

    private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);
    private static final Duration END = Duration.ofSeconds(3);

    private final DesiredPods desired;
    private final Runtimes runtimes;
    private final Kit kit;
    private final Targets targets;
    private final PodWorkers workers;
    private final Thread desiring;
    private final Thread linking;
    private final Thread choosing;
    private final Thread collecting;

    @Activate
    public Reconciler(@Reference DesiredPods desired, @Reference Runtimes runtimes, @Reference Node node,
            ReconcilerConfig config, Map<String, Object> properties) {
        this(desired, runtimes, Kit.of(node, checked(config, properties), Clock.systemUTC(),
                Policy.of(config), PodCgroups.of(config.cgroup_root(), node.stateDirectory()), credentials(config)), ImageRules.of(config));
    }

    private static Credentials credentials(ReconcilerConfig config) {
        return config.docker_config().isEmpty() ? Credentials.ofNode(System.getenv())
                : new Credentials(List.of(Path.of(config.docker_config())));
    }

    Reconciler(DesiredPods desired, Runtimes runtimes, Kit kit, ImageRules images) {
        this.desired = desired;
        this.runtimes = runtimes;
        this.kit = kit;
        Cell<Map<String, Kit.Engine>> engines = new Cell<>(Map.of());
        targets = new Targets(runtimes.choices(), engines, kit);
        workers = new PodWorkers(kit, engines, targets);
        desiring = Threads.start("reconciler", this::followDesired);
        linking = Threads.start("runtimes", this::followRuntimes);
        choosing = Threads.start("runtime choices", this::followChoices);
        collecting = Threads.start("image collector", new ImageCollector(images, kit, workers::desired, workers::engines)::run);
    }

    private static Settings checked(ReconcilerConfig config, Map<String, Object> properties) {
        ConfigKeys.check(properties, ReconcilerConfig.class);
        return Settings.of(config);
    }

    @Deactivate
    void close() {
        Threads.stop(END, List.of(desiring, linking, choosing, collecting)); // first: none of them may start a worker after the others were closed
        workers.close();
        kit.images().close();
    }

    private void followDesired() throws InterruptedException {
        long version = 0; // of the empty state before anything was read: nothing can be concluded from it
        while (true) {
            Cell.Versioned<DesiredPods.Snapshot> next = desired.after(version);
            workers.desire(next.value());
            version = next.version();
        }
    }

    /** Links to every runtime; while one is away its pods are left as they are and workers wait (design decision 7). */
    private void followRuntimes() throws InterruptedException {
        workers.awaitDesired(); // what is wanted first, so that what runs is known for what it is
        Map<String, EngineLink> links = new HashMap<>();
        long version = -1;
        try {
            while (true) {
                Cell.Versioned<Map<String, ContainerRuntime>> there = runtimes.cell().after(version);
                version = there.version();
                for (Map.Entry<String, EngineLink> link : List.copyOf(links.entrySet())) {
                    if (!link.getValue().isOf(there.value().get(link.getKey()))) {
                        unlink(link.getKey(), link.getValue());
                        links.remove(link.getKey());
                    }
                }
                there.value().forEach((name, runtime) -> links.computeIfAbsent(name,
                        _ -> new EngineLink(name, runtime, workers, kit, () -> runtimes.has(runtime))));
            }
        } finally {
            for (EngineLink link : links.values()) {
                link.close();
            }
        }
    }

    private void unlink(String name, EngineLink link) throws InterruptedException {
        workers.lost(name);
        link.close();
        workers.lost(name); // again: the link may just have found it
        targets.anew(name);
        LOG.info("runtime {} is gone, its pods are left as they are", name);
    }

    private void followChoices() throws InterruptedException {
        for (long version = runtimes.choices().current().version();;) {
            version = runtimes.choices().after(version).version();
            workers.forgiveAll();
        }
    }

    @Override
    public Optional<String> byDefault() {
        return targets.byDefault();
    }

    @Override
    public void set(PodName pod, String conditionType, boolean holds, String reason, String message) throws IOException {
        Gates.Said said = new Gates.Said(holds, reason, message);
        DesiredPod wanted = wanted(pod);
        List<String> gates = wanted.pod().spec().readinessGates().stream().map(PodSpec.ReadinessGate::conditionType).toList();
        if (!gates.contains(conditionType)) {
            throw new IllegalArgumentException(gates.isEmpty() ? "pod " + pod + " has no readiness gates"
                    : "pod " + pod + " has no readiness gate '" + conditionType + "'" + Nearest.hint(conditionType, gates));
        }
        Gates.set(PodDirectory.of(kit.node(), pod, wanted.uid()), conditionType, said);
        workers.wake(pod);
    }

    private DesiredPod wanted(PodName pod) {
        DesiredPod wanted = desired.current().value().pods().get(pod);
        if (wanted == null) {
            throw new IllegalArgumentException("no manifest wants pod " + pod);
        }
        return wanted;
    }

    @Override
    public void move(PodName pod, String runtime) {
        targets.move(wanted(pod), runtime);
        workers.wake(pod);
    }

    @Override
    public void forget(String runtime) {
        if (runtimes.cell().value().containsKey(runtime)) {
            throw new IllegalArgumentException("runtime '" + runtime + "' is there; delete its configuration first");
        }
        Set<String> known = kit.placements().runtimes();
        if (!known.contains(runtime)) {
            throw new IllegalArgumentException("no pod was on a runtime '" + runtime + "'" + Nearest.hint(runtime, known));
        }
        LOG.info("runtime {} is forgotten, no pod waits for it any more", runtime);
        workers.forget(runtime);
    }

    @Override
    public Snapshot current() {
        return kit.board().current();
    }

    @Override
    public Snapshot after(long version) throws InterruptedException {
        return kit.board().after(version);
    }

    @Override
    public boolean isComplete() {
        return kit.board().isComplete();
    }
}
