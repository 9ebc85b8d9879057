package io.holdfast.kit.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What there is of a container's log: the files that were rotated, such as {@code 0.log.1} or
 * {@code 0.log.20260501-120000} but not those that were compressed, and the one that is written to.
 */
final class LogFiles implements Closeable {

    private final Deque<LogFile> oldestFirst = new ArrayDeque<>();
    private final LogOptions options;
    /** How many entries are still to be found. */
    private long left;

    /** Opens those in which there is something wanted, at where that begins. */
    LogFiles(Path newest, LogOptions options) throws IOException {
        this.options = options;
        this.left = options.tail() < 0 ? Long.MAX_VALUE : options.tail();
        LogFile written = new LogFile(newest); // first of all: what is rotated from now on is this one
        try {
            add(written);
            for (Path older : rotated(newest.toAbsolutePath())) {
                if (left > 0) {
                    addOlder(older, written);
                }
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    LogFile oldest() {
        return oldestFirst.getFirst();
    }

    /** Whether the oldest is the one that is written to. */
    boolean isLast() {
        return oldestFirst.size() == 1;
    }

    /** The oldest, which the caller is to close. */
    LogFile take() {
        return oldestFirst.removeFirst();
    }

    @Override
    public void close() throws IOException {
        while (!oldestFirst.isEmpty()) {
            take().close();
        }
    }

    private void add(LogFile file) throws IOException {
        oldestFirst.addFirst(file);
        if (options.tail() >= 0) {
            left -= file.seekTail(left);
        }
    }

    private void addOlder(Path path, LogFile written) throws IOException {
        try {
            if (!written.isSameAs(path)) {
                add(new LogFile(path));
            }
        } catch (NoSuchFileException _) {
            // rotated away just now
        }
    }

    /** The newest first. */
    private List<Path> rotated(Path newest) throws IOException {
        Map<Path, Long> changed = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(newest.resolveSibling("."),
                newest.getFileName() + ".*")) {
            for (Path file : files) {
                long time = file.toFile().lastModified(); // 0 if it is gone
                if (!file.toString().endsWith(".gz") && !Instant.ofEpochMilli(time).isBefore(options.since())) {
                    changed.put(file, time);
                }
            }
        }
        return changed.keySet().stream().sorted(Comparator.comparing(changed::get).reversed()).toList();
    }
}
