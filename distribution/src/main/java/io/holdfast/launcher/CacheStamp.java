package io.holdfast.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.Set;

import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.BundleRevision;

/**
 * Says in a file whether the next agent may use this one's bundle cache; {@code bin/holdfast} deletes a cache without it.
 * File Install installs bundles first and starts them later: killed in between, it would take those it finds installed
 * for stopped by somebody, and leave them so for good.
 */
final class CacheStamp implements SynchronousBundleListener {

    private static final long POLL_MILLIS = 100;

    private final Path complete;
    private final Path incomplete;
    private final Set<Bundle> installed = new HashSet<>();
    private boolean watching;

    private CacheStamp(Path stamp) {
        complete = stamp;
        incomplete = stamp.resolveSibling(stamp.getFileName() + ".new");
    }

    /** @param stamp there when the cache is complete; {@code bin/holdfast} begins with {@code .new} after its name */
    static void keep(BundleContext context, Path stamp) {
        CacheStamp keeper = new CacheStamp(stamp);
        context.addBundleListener(keeper);
        keeper.watch();
    }

    @Override
    public synchronized void bundleChanged(BundleEvent event) {
        if (event.getType() == BundleEvent.INSTALLED && !isFragment(event.getBundle())) {
            installed.add(event.getBundle());
            move(complete, incomplete);
            watch();
        }
    }

    private synchronized void watch() {
        if (!watching) {
            watching = true;
            Thread.ofVirtual().name("cache-stamp").start(() -> {
                try {
                    while (!settled()) {
                        Thread.sleep(POLL_MILLIS); // no event tells of a start that was tried in vain
                    }
                } catch (InterruptedException _) { // the agent ends
                }
            });
        }
    }

    private synchronized boolean settled() {
        installed.removeIf(bundle -> !waits(bundle));
        if (!installed.isEmpty()) {
            return false;
        }
        move(incomplete, complete);
        watching = false;
        return true;
    }

    /** A bundle that cannot be started is not waited for: to try is what counts. */
    private static boolean waits(Bundle bundle) {
        BundleStartLevel level = bundle.adapt(BundleStartLevel.class);
        return bundle.getState() != Bundle.UNINSTALLED && level != null && !level.isPersistentlyStarted();
    }

    private static boolean isFragment(Bundle bundle) {
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        return revision != null && (revision.getTypes() & BundleRevision.TYPE_FRAGMENT) != 0;
    }

    private static void move(Path from, Path to) {
        try {
            if (Files.exists(from)) {
                Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
