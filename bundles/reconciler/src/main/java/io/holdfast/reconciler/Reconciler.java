package io.holdfast.reconciler;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.holdfast.cell.Cell;
import io.holdfast.config.ConfigKeys;
import io.holdfast.pod.Node;
import io.holdfast.runtime.ContainerRuntime;
import io.holdfast.source.DesiredPods;
import io.holdfast.status.PodStatuses;

/**
 * Passes what is desired on to the workers, and keeps a link to the engine. Stopping it leaves every pod as it is; a new
 * instance finds them by what is written on them (behaviour R8).
 */
@Component(service = PodStatuses.class, configurationPid = "io.holdfast.reconciler", immediate = true)
@Designate(ocd = ReconcilerConfig.class)
public final class Reconciler implements PodStatuses {

    private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);
    private static final Duration END = Duration.ofSeconds(3);

    private final DesiredPods desired;
    private final Runtimes runtimes;
    private final Kit kit;
    private final Cell<Optional<Kit.Engine>> engine = new Cell<>(Optional.empty());
    private final PodWorkers workers;
    private final Thread desiring;
    private final Thread linking;

    @Activate
    public Reconciler(@Reference DesiredPods desired, @Reference Runtimes runtimes, @Reference Node node,
            ReconcilerConfig config, Map<String, Object> properties) {
        this(desired, runtimes, Kit.of(node, checked(config, properties), Clock.systemUTC()));
    }

    Reconciler(DesiredPods desired, Runtimes runtimes, Kit kit) {
        this.desired = desired;
        this.runtimes = runtimes;
        this.kit = kit;
        workers = new PodWorkers(kit, engine);
        desiring = Threads.start("reconciler", this::followDesired);
        linking = Threads.start("runtimes", this::followRuntimes);
    }

    private static Settings checked(ReconcilerConfig config, Map<String, Object> properties) {
        ConfigKeys.check(properties, ReconcilerConfig.class);
        return Settings.of(config);
    }

    @Deactivate
    void close() {
        Threads.stop(END, List.of(desiring, linking)); // both first: neither may start a worker after the others were closed
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

    /** Links to the chosen runtime; while it is away pods are left as they are and workers wait (design decision 7). */
    private void followRuntimes() throws InterruptedException {
        workers.awaitDesired(); // what is wanted first, so that what runs is known for what it is
        EngineLink link = null;
        long version = -1;
        try {
            while (true) {
                version = runtimes.cell().after(version).version();
                Optional<Map.Entry<String, ContainerRuntime>> chosen = runtimes.chosen();
                if (link != null && (chosen.isEmpty() || !link.isOf(chosen.get().getValue()))) {
                    engine.set(Optional.empty());
                    link.close();
                    engine.set(Optional.empty()); // again: the link may just have found it
                    link = null;
                    LOG.info("the runtime is gone, pods are left as they are");
                }
                if (link == null && chosen.isPresent()) {
                    ContainerRuntime runtime = chosen.get().getValue();
                    link = new EngineLink(chosen.get().getKey(), runtime, workers, kit, () -> runtimes.has(runtime));
                }
            }
        } finally {
            if (link != null) {
                link.close();
            }
        }
    }

    @Override
    public Snapshot current() {
        return kit.board().current();
    }

    @Override
    public Snapshot after(long version) throws InterruptedException {
        return kit.board().after(version);
    }
}
