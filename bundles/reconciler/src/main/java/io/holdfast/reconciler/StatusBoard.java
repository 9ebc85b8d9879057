package io.holdfast.reconciler;

import java.util.List;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

import org.jspecify.annotations.Nullable;

import io.holdfast.cell.Cell;
import io.holdfast.pod.PodName;
import io.holdfast.status.PodStatuses.Snapshot;
import io.holdfast.status.PodView;

/** Where workers put what became of their pods; a change costs the same however many pods there are. */
final class StatusBoard {

    private final ConcurrentNavigableMap<PodName, PodView> views = new ConcurrentSkipListMap<>();
    private final Cell<Long> changes = new Cell<>(0L);
    private final Cell<Boolean> complete = new Cell<>(false);

    void put(PodView view) {
        if (!view.equals(views.get(view.name()))) { // only the pod's own worker puts it
            views.put(view.name(), view);
            changes.update(n -> n + 1);
        }
    }

    void remove(PodName name) {
        if (views.remove(name) != null) {
            changes.update(n -> n + 1);
        }
    }

    @Nullable PodView view(PodName name) {
        return views.get(name);
    }

    /** From now on whatever is not here is not on this node. */
    void complete() {
        if (!complete.value()) {
            complete.set(true);
            changes.update(n -> n + 1);
        }
    }

    boolean isComplete() {
        return complete.value();
    }

    Snapshot current() {
        return snapshot(changes.current().version());
    }

    Snapshot after(long version) throws InterruptedException {
        return snapshot(changes.after(version).version());
    }

    /** The version is read first: what changes in between shows again under the next one, and is never missed. */
    private Snapshot snapshot(long version) {
        return new Snapshot(version, List.copyOf(views.values()));
    }
}
