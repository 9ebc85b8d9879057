package io.holdfast.itests.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Sees files being made in a directory, and when (by {@link System#nanoTime}). Containers make one as their first act
 * and one when they get SIGTERM; the kernel's notification takes some tenths of a millisecond and nothing is polled.
 */
final class Stamps implements AutoCloseable {

    private static final Duration MOST = Duration.ofSeconds(60);

    private final Path directory;
    private final WatchService watch;
    private final Map<String, Long> seen = new ConcurrentHashMap<>();
    private final Thread thread;

    Stamps(Path directory) throws IOException {
        this.directory = Files.createDirectories(directory);
        watch = directory.getFileSystem().newWatchService();
        directory.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
        thread = Thread.ofPlatform().daemon().name("stamps").start(this::run);
    }

    Path directory() {
        return directory;
    }

    /** A script that stamps {@code name} at once, {@code name.term} on SIGTERM, and sleeps in between. */
    static String script(String name) {
        return ": > /data/%s; trap ': > /data/%s.term; exit 0' TERM; while :; do sleep 3600 & wait; done"
                .formatted(name, name);
    }

    void forget(String name) throws IOException {
        Files.deleteIfExists(directory.resolve(name));
        seen.remove(name);
    }

    /** When the file was made. */
    long await(String name) throws InterruptedException {
        long deadline = System.nanoTime() + MOST.toNanos();
        synchronized (seen) {
            while (!seen.containsKey(name)) {
                long left = (deadline - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    throw new IllegalStateException("no stamp '" + name + "' within " + MOST.toSeconds() + " s");
                }
                seen.wait(left);
            }
            return seen.get(name);
        }
    }

    private void run() {
        try {
            while (true) {
                WatchKey key = watch.take();
                long now = System.nanoTime();
                synchronized (seen) {
                    for (WatchEvent<?> event : key.pollEvents()) {
                        seen.putIfAbsent(String.valueOf(event.context()), now);
                    }
                    seen.notifyAll();
                }
                key.reset();
            }
        } catch (InterruptedException | java.nio.file.ClosedWatchServiceException e) {
            Thread.currentThread().interrupt(); // closed: the end
        }
    }

    @Override
    public void close() throws IOException {
        watch.close();
        thread.interrupt();
    }
}
