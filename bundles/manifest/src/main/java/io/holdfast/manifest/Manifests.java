package io.holdfast.manifest;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.holdfast.cell.Cell;
import io.holdfast.config.Nearest;
import io.holdfast.pod.Node;
import io.holdfast.source.DesiredPods;
import io.holdfast.source.ManifestSource;

/** All sources' manifests, as pods. Workers change the state, {@link Keeper} keeps it on disk. */
@Component(service = { DesiredPods.class, Manifests.class }, immediate = true)
public final class Manifests implements DesiredPods {

    private static final Logger LOG = LoggerFactory.getLogger(Manifests.class);

    /** Reading the disk takes a fraction of this; who waits for it must not wait for ever. */
    private static final Duration RESTORED = Duration.ofSeconds(10);

    private final ThisNode node;
    private final InstantSource clock;
    private final Cell<Known> state = new Cell<>(Known.EMPTY);
    private final Cell<Snapshot> desired = new Cell<>(Snapshot.EMPTY);
    private final SourceCollector collector = new SourceCollector(this);
    private final Keeper keeper;

    @Activate
    public Manifests(@Reference NodeConfig node) {
        this(node, node.thisNode(), node.memoryDirectory(), Clock.systemUTC());
    }

    /** @param memory a directory on tmpfs */
    Manifests(Node node, Path memory, InstantSource clock) {
        this(node, new ThisNode(node.name(), node.labels(), List.of()), memory, clock);
    }

    private Manifests(Node node, ThisNode thisNode, Path memory, InstantSource clock) {
        this.node = thisNode;
        this.clock = clock;
        keeper = new Keeper(this, new LastGood(node.stateDirectory().resolve(NodeConfig.LAST_GOOD)),
                LastGood.inMemory(memory));
        keeper.start();
    }

    @Deactivate
    void close() {
        collector.close();
        keeper.close();
    }

    @Reference(service = ManifestSource.class, cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC)
    void addSource(ManifestSource source, Map<String, Object> properties) {
        collector.add(source, properties);
    }

    void removeSource(ManifestSource source, Map<String, Object> properties) {
        collector.remove(source, properties);
    }

    ThisNode node() {
        return node;
    }

    InstantSource clock() {
        return clock;
    }

    Known state() {
        return state.value();
    }

    Cell.Versioned<Known> stateAfter(long version) throws InterruptedException {
        return state.after(version);
    }

    void awaitRestored() throws InterruptedException {
        desired.after(0);
    }

    /** What was last good, from disk; whatever has been withdrawn meanwhile stays away. */
    void restored(Map<String, Map<String, Origin>> sources) {
        change(before -> {
            Known now = before;
            for (var source : sources.entrySet()) {
                if (source.getValue().isEmpty()) {
                    now = now.without(source.getKey());
                } else if (!before.desired().reported().contains(source.getKey())) {
                    now = now.with(SourceState.restored(source.getKey(), judged(source.getValue())));
                }
            }
            // a snapshot of its own even if there is nothing: version 1 says that the disk has been read
            Snapshot first = new Snapshot(now.desired().pods(), now.desired().reported(), now.desired().objects());
            return new Known(now.sources(), first, now.duplicates(), now.takenAway());
        });
    }

    /** The node may have other labels than when these were saved. */
    private Map<String, Origin> judged(Map<String, Origin> origins) {
        Map<String, Origin> judged = new HashMap<>(origins);
        judged.replaceAll((name, origin) -> origin.on(node));
        return judged;
    }

    void arrived(SourceWorker worker) {
        if (state().takenAway().contains(worker.name())) {
            keeper.welcome(worker.name());
        }
        change(before -> {
            SourceState known = before.source(worker.name());
            return before.with((known == null ? SourceState.restored(worker.name(), Map.of()) : known).arrived(worker));
        });
    }

    void left(SourceWorker worker) {
        change(before -> {
            Known now = before.with(worker, SourceState::left);
            SourceState source = now.source(worker.name());
            boolean nothingHeld = source != null && !source.present()
                    && source.origins().values().stream().allMatch(Origin::isEmpty);
            return nothingHeld ? now.forgotten(worker.name()) : now;
        });
    }

    /**
     * The configuration with this PID was deleted: the source that it was for, there or not, is taken away for good. What
     * is on disk comes first, or it would bring back what was taken away.
     */
    void withdraw(String pid) throws InterruptedException {
        desired.after(0, RESTORED);
        collector.end(pid, () -> change(before -> before.sources().values().stream().filter(source -> source.isOf(pid))
                .findFirst().map(source -> withdrawn(before, source)).orElse(before)));
    }

    /** As {@link #withdraw}, for what was deleted while nobody was here, if the source has not come back meanwhile. */
    void withdrawAbsent(String name) throws InterruptedException {
        desired.after(0, RESTORED);
        change(before -> {
            SourceState source = before.source(name);
            return source == null || source.present() ? before : withdrawn(before, source);
        });
    }

    private static Known withdrawn(Known before, SourceState source) {
        LOG.info("the configuration of source {} was deleted, its pods go", source.name());
        return before.without(source.name());
    }

    void forget(String source) {
        change(before -> {
            SourceState known = before.source(source);
            if (known == null) {
                throw new IllegalArgumentException(
                        "no source '" + source + "'" + Nearest.hint(source, before.sources().keySet()));
            }
            if (known.present()) {
                throw new IllegalArgumentException("source '" + source
                        + "' is there and speaks for itself; delete its configuration instead");
            }
            LOG.info("source {} is forgotten, its pods go", source);
            return before.without(source);
        });
    }

    void change(UnaryOperator<Known> change) {
        state.update(before -> {
            Known now = change.apply(before);
            Trouble.logDuplicates(before.duplicates(), now.duplicates());
            return now;
        });
        desired.update(before -> state.value().desired());
    }

    @Override
    public Cell.Versioned<Snapshot> current() {
        return desired.current();
    }

    @Override
    public Cell.Versioned<Snapshot> after(long version) throws InterruptedException {
        return desired.after(version);
    }
}
