package io.holdfast.manifest;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.holdfast.manifest.Origin.KeptObject;
import io.holdfast.source.ConfigObject;
import io.holdfast.source.ConfigObject.Kind;
import io.holdfast.source.DesiredPod;
import io.holdfast.source.DesiredPods.Snapshot;

/**
 * One place for what was last good, written when that changed: pods and ConfigMaps are on disk, Secrets in memory only
 * (design decision 10). Owned by the {@link Keeper}'s thread.
 */
final class Shelf {

    private static final Logger LOG = LoggerFactory.getLogger(Manifests.class);
    private static final Comparator<DesiredPod> PODS = Comparator.comparing(DesiredPod::origin)
            .thenComparing(DesiredPod::name);
    private static final Comparator<ConfigObject> OBJECTS = Comparator.comparing(ConfigObject::origin)
            .thenComparing(object -> object.key().toString());

    /** @param takenAway for good: whoever still runs pods of it, is to know that after a restart, too */
    private record Saved(List<DesiredPod> pods, List<ConfigObject> objects, boolean takenAway) {

        static final Saved NOTHING = new Saved(List.of(), List.of(), false);

        boolean isSame(Saved other) {
            if (takenAway != other.takenAway || pods.size() != other.pods.size() || !objects.equals(other.objects)) {
                return false;
            }
            for (int i = 0; i < pods.size(); i++) {
                DesiredPod a = pods.get(i);
                DesiredPod b = other.pods.get(i);
                if (!a.origin().equals(b.origin()) || !a.json().equals(b.json())) {
                    return false;
                }
            }
            return true;
        }
    }

    private final LastGood files;
    private final boolean secrets;
    private final Map<String, Saved> saved = new HashMap<>();
    private boolean failing;

    /** @param secrets whether it is for these, or for everything else */
    Shelf(LastGood files, boolean secrets) {
        this.files = files;
        this.secrets = secrets;
    }

    Map<String, Map<String, Origin>> load() {
        Map<String, Map<String, Origin>> found = files.load();
        // not what is desired later: a quick source may have changed that already
        found.forEach((source, origins) -> saved.put(source, new Saved(
                origins.values().stream().flatMap(origin -> origin.pods().stream()).sorted(PODS).toList(),
                origins.values().stream().flatMap(origin -> origin.objects().stream()).map(KeptObject::object)
                        .sorted(OBJECTS).toList(),
                origins.isEmpty())));
        return found;
    }

    void remove(String source) {
        try {
            files.remove(source);
        } catch (IOException e) {
            LOG.warn("cannot remove what is kept of source {}: {}", source, e.toString());
        }
    }

    /** @return whether anything was written */
    boolean save(Known state) throws InterruptedException {
        boolean wrote = false;
        Set<String> sources = new TreeSet<>(saved.keySet());
        state.desired().pods().values().forEach(pod -> sources.add(pod.source()));
        state.desired().objects().values().forEach(object -> sources.add(object.source()));
        sources.addAll(state.takenAway());
        for (String source : sources) {
            Saved now = of(source, state);
            if (!now.isSame(saved.getOrDefault(source, Saved.NOTHING))) {
                wrote |= save(source, now);
            }
        }
        return wrote;
    }

    private Saved of(String source, Known state) {
        Snapshot desired = state.desired();
        List<ConfigObject> objects = desired.objects().values().stream()
                .filter(object -> object.source().equals(source) && (object.key().kind() == Kind.Secret) == secrets)
                .sorted(OBJECTS).toList();
        return secrets ? new Saved(List.of(), objects, false)
                : new Saved(desired.pods().values().stream().filter(pod -> pod.source().equals(source)).sorted(PODS)
                        .toList(), objects, state.takenAway().contains(source));
    }

    private boolean save(String source, Saved now) throws InterruptedException {
        String what = secrets ? "Secrets" : "manifests";
        try {
            if (now.takenAway() || !now.pods().isEmpty() || !now.objects().isEmpty()) {
                files.save(source, now.pods(), now.objects());
            } else {
                files.remove(source);
            }
            saved.put(source, now);
            if (failing) {
                LOG.info("last good {} are saved again", what);
            }
            failing = false;
            return true;
        } catch (ClosedByInterruptException e) {
            Thread.interrupted();
            throw new InterruptedException();
        } catch (IOException e) {
            if (!failing) {
                LOG.warn("cannot save last good {}, a restart will not know them: {}", what, e.toString());
            }
            failing = true;
            return false;
        }
    }
}
