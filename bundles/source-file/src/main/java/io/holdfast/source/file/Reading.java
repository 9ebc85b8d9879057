package io.holdfast.source.file;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.holdfast.source.Manifest;
import io.holdfast.source.file.Look.Stamp;
import io.holdfast.source.file.Touched.Sign;

/**
 * What is believed of a directory's manifests, and what is in doubt until it has stayed as it is for long enough. Only
 * files that changed are read. Owned by one thread.
 */
final class Reading {

    private static final Logger LOG = LoggerFactory.getLogger(Reading.class);

    /** @param again to be read again when looked at, even if it looks the same */
    private record Known(Look look, Manifest manifest, boolean again) {
    }

    /** @param due in {@link System#nanoTime} */
    private record Doubt(Look look, long due) {
    }

    private final Place place;
    private final Patience patience;
    private final boolean strict;
    private final Editors editors;
    private final InstantSource clock = InstantSource.system();
    private final Map<Path, Known> known = new TreeMap<>();
    private final Map<Path, Doubt> doubts = new HashMap<>();
    private final Set<Path> warned = new HashSet<>();
    private boolean changed;

    Reading(Place place, Patience patience, boolean strict) {
        this.place = place;
        this.patience = patience;
        this.strict = strict;
        this.editors = new Editors(place.directory());
    }

    void lookAtAll() throws IOException, InterruptedException {
        Set<Path> names = place.list();
        names.addAll(known.keySet()); // a listing may miss what is renamed meanwhile
        for (Path name : names) {
            look(name, Sign.LISTED);
        }
    }

    void lookAt(Map<Path, Sign> names) throws InterruptedException {
        names.keySet().forEach(name -> editors.noticed(name.toString()));
        for (Map.Entry<Path, Sign> touched : names.entrySet()) {
            if (place.counts().test(touched.getKey().toString())) {
                look(touched.getKey(), touched.getValue());
            }
        }
    }

    /** Believes what has stayed as it was. */
    void settle() throws InterruptedException {
        long now = System.nanoTime();
        for (Map.Entry<Path, Doubt> doubt : List.copyOf(doubts.entrySet())) {
            if (doubt.getValue().due() - now <= 0) {
                settle(doubt.getKey(), doubt.getValue().look());
            }
        }
    }

    boolean inDoubt() {
        return !doubts.isEmpty();
    }

    /** How long until {@link #settle} has something to do, at most {@code most}. */
    long nanosUntilDue(long most) {
        long now = System.nanoTime();
        return doubts.values().stream().mapToLong(d -> Math.max(0, d.due() - now)).reduce(most, Math::min);
    }

    /** Whether {@link #manifests} has changed since this was last asked. */
    boolean changed() {
        boolean was = changed;
        changed = false;
        return was;
    }

    List<Manifest> manifests() {
        return known.values().stream().map(Known::manifest).toList();
    }

    /** As {@link #manifests}, and files that nothing is known of yet because somebody goes on writing them. */
    List<Manifest> manifestsAndDoubts() {
        List<Manifest> all = new ArrayList<>(manifests());
        doubts.keySet().stream().filter(name -> !known.containsKey(name)).forEach(
                name -> all.add(new Manifest.Unreadable(ManifestFile.origin(name), "it is still being written")));
        return all;
    }

    private void look(Path name, Sign sign) throws InterruptedException {
        switch (Look.at(file(name))) {
            case Look.Absent gone -> missing(name, gone);
            case Look.NoFile skipped -> missing(name, skipped);
            case Look.Broken broken -> broken(name, broken);
            case Stamp stamp -> present(name, stamp, sign);
        }
    }

    private void missing(Path name, Look look) {
        Doubt doubt = doubts.get(name);
        if (!known.containsKey(name)) {
            doubts.remove(name);
        } else if (doubt == null || doubt.look() instanceof Stamp) {
            doubt(name, look, Patience.withMissing(editors.edit(name)));
        }
    }

    private void broken(Path name, Look.Broken broken) {
        Known before = known.get(name);
        if (before == null || !before.look().equals(broken)) {
            believe(name, broken, new Manifest.Unreadable(ManifestFile.origin(name), broken.reason()), true);
        }
        doubts.remove(name);
    }

    private void present(Path name, Stamp stamp, Sign sign) throws InterruptedException {
        Known before = known.get(name);
        Doubt doubt = doubts.get(name);
        if (before != null && before.look().equals(stamp) && !before.again()) {
            doubts.remove(name);
        } else if (sign != Sign.LISTED || doubt == null || !doubt.look().equals(stamp)) {
            Duration wait = patience.with(stamp, sign, clock.instant());
            if (wait.isZero()) {
                read(name, stamp);
            } else {
                doubt(name, stamp, wait);
            }
        }
    }

    private void settle(Path name, Look before) throws InterruptedException {
        Look now = Look.at(file(name));
        if (!now.equals(before)) {
            doubts.remove(name);
            look(name, Sign.WRITTEN);
        } else if (now instanceof Stamp stamp) {
            read(name, stamp);
        } else {
            doubts.remove(name);
            changed |= known.remove(name) != null;
        }
    }

    private void read(Path name, Stamp stamp) throws InterruptedException {
        warn(name, stamp);
        boolean young = !patience.isOld(stamp, clock.instant()); // a further change may not show in the stamp
        Manifest manifest = ManifestFile.read(file(name), stamp, strict);
        Look after = Look.at(file(name));
        if (!after.equals(stamp)) {
            doubt(name, after, patience.settle()); // it changed while it was read
            return;
        }
        doubts.remove(name);
        Known before = known.get(name);
        believe(name, stamp, before != null && same(before.manifest(), manifest) ? before.manifest() : manifest,
                young || manifest instanceof Manifest.Unreadable);
    }

    @SuppressWarnings("ReferenceEquality") // the same instance says: not changed
    private void believe(Path name, Look look, Manifest manifest, boolean again) {
        Known before = known.put(name, new Known(look, manifest, again));
        changed |= before == null || before.manifest() != manifest;
    }

    private void doubt(Path name, Look look, Duration wait) {
        doubts.put(name, new Doubt(look, System.nanoTime() + wait.toNanos()));
    }

    private void warn(Path name, Stamp stamp) {
        if (!stamp.othersMayWrite()) {
            warned.remove(name);
        } else if (!strict && warned.add(name)) {
            LOG.warn("{}: group or others may write it (mode {}), so they can run containers as root; "
                    + "remove that with chmod go-w, or set strict=true to refuse such files", file(name),
                    stamp.permissions());
        }
    }

    private Path file(Path name) {
        return place.directory().resolve(name);
    }

    private static boolean same(@Nullable Manifest a, Manifest b) {
        return a instanceof Manifest.Text(String _, byte[] x) && b instanceof Manifest.Text(String _, byte[] y)
                ? Arrays.equals(x, y)
                : b.equals(a);
    }
}
