package io.holdfast.kit.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
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
        LogFile written = open(newest);
        try {
            for (Path older : rotated(written)) {
                if (left > 0) {
                    open(older);
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

    private LogFile open(Path path) throws IOException {
        LogFile file = new LogFile(path);
        oldestFirst.addFirst(file);
        if (options.tail() >= 0) {
            left -= file.seekTail(left);
        }
        return file;
    }

    /** The newest first. */
    private List<Path> rotated(LogFile written) throws IOException {
        Map<Path, FileTime> changed = new TreeMap<>();
        Path path = written.path().toAbsolutePath();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(path.resolveSibling("."), path.getFileName() + ".*")) {
            for (Path file : files) {
                FileTime time = Files.getLastModifiedTime(file);
                if (!file.toString().endsWith(".gz") && !written.isSameAs(file)
                        && !time.toInstant().isBefore(options.since())) {
                    changed.put(file, time);
                }
            }
        } catch (NoSuchFileException _) {
            // rotated just now, which the rest goes without
        }
        return changed.keySet().stream().sorted(Comparator.comparing(changed::get).reversed()).toList();
    }
}
