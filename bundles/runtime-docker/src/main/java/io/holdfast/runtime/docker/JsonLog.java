package io.holdfast.runtime.docker;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * Reads what Docker's {@code json-file} driver writes for one container, over all rotations: a file that was moved away is
 * read to its end before the next. Docker's API would skip lines of a container that writes fast, and repeat others.
 */
final class JsonLog implements AutoCloseable {

    /** Two streams' entries may be written in another order than that of their times, but not by so much. */
    private static final Duration DISORDER = Duration.ofSeconds(1);

    private final Path path;
    private final int maxFiles;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private FileChannel file;
    private InputStream in;
    private Object key;
    /** Was read, and is the next all the same. */
    private @Nullable LogEntry notYet;

    private JsonLog(Path path, int maxFiles, Path first) throws IOException {
        this.path = path;
        this.maxFiles = maxFiles;
        Opened opened = Opened.of(first);
        file = opened.file();
        key = opened.key();
        in = stream(file);
    }

    /** A file and what tells it from others, whatever its name becomes. */
    private record Opened(FileChannel file, Object key) {

        static Opened of(Path path) throws IOException {
            while (true) {
                Object key = keyOf(path);
                FileChannel file = FileChannel.open(path);
                if (keyOf(path).equals(key)) {
                    return new Opened(file, key);
                }
                file.close(); // it was moved just then
            }
        }
    }

    /**
     * Goes on behind what ends so; when that is there no more, with all that is later.
     *
     * @param path of the newest file
     */
    static JsonLog after(LogFile.End end, Path path, int maxFiles) throws IOException {
        if (end.equals(LogFile.End.NONE)) {
            return new JsonLog(path, maxFiles, oldest(path, maxFiles));
        }
        JsonLog log = near(end, path, maxFiles);
        if (!log.skip(end.time(), end.entries())) {
            log.close();
            log = near(end, path, maxFiles);
            log.skipUntilAfter(end.time());
        }
        return log;
    }

    /** Somewhat before, without reading all: logs are long, and most often nearly all is copied. */
    private static JsonLog near(LogFile.End end, Path path, int maxFiles) throws IOException {
        String before = LogEntry.minus(end.time(), DISORDER);
        Path first = oldest(path, maxFiles);
        for (Path each : files(path, maxFiles).reversed()) {
            if (Files.exists(each) && LogSearch.beginsBefore(each, before)) {
                first = each;
            }
        }
        JsonLog log = new JsonLog(path, maxFiles, first);
        log.file.position(LogSearch.lineNear(log.file, before));
        return log;
    }

    private static Path oldest(Path path, int maxFiles) {
        return files(path, maxFiles).reversed().stream().filter(Files::exists).findFirst().orElse(path);
    }

    /** Newest first, whether they are there or not. */
    private static List<Path> files(Path path, int maxFiles) {
        return Stream.concat(Stream.of(path),
                IntStream.range(1, maxFiles).mapToObj(n -> path.resolveSibling(path.getFileName() + "." + n))).toList();
    }

    private static InputStream stream(FileChannel file) {
        return new BufferedInputStream(Channels.newInputStream(file), 1 << 16);
    }

    private static Object keyOf(Path path) throws IOException {
        return Objects.requireNonNull(Files.readAttributes(path, BasicFileAttributes.class).fileKey());
    }

    /** Whether so many of that time were found; it goes on behind them. */
    private boolean skip(String time, int entries) throws IOException {
        int left = entries;
        for (LogEntry entry = next(); entry != null; entry = next()) {
            left -= entry.time().equals(time) ? 1 : 0;
            if (left == 0) {
                return true;
            }
        }
        return false;
    }

    private void skipUntilAfter(String time) throws IOException {
        do {
            notYet = next();
        } while (notYet != null && notYet.time().compareTo(time) <= 0);
    }

    /** Null when there is none yet. */
    @Nullable
    LogEntry next() throws IOException {
        LogEntry first = notYet;
        if (first != null) {
            notYet = null;
            return first;
        }
        while (true) {
            if (readLine()) {
                Optional<LogEntry> entry = LogEntry.of(line.toByteArray());
                line.reset();
                if (entry.isPresent()) {
                    return entry.get();
                }
            } else if (!goOn()) {
                return null;
            }
        }
    }

    /** False at the end of the file; the beginning of a line is kept until its rest is there. */
    private boolean readLine() throws IOException {
        for (int c = in.read(); c >= 0; c = in.read()) {
            line.write(c);
            if (c == '\n') {
                return true;
            }
        }
        return false;
    }

    /** At the end of a file: whether there is more, in it or in the next. */
    private boolean goOn() throws IOException {
        try {
            return goOnNow();
        } catch (NoSuchFileException e) { // it is just being moved
            return false;
        }
    }

    private boolean goOnNow() throws IOException {
        if (file.size() < file.position()) { // a single file is emptied instead of moved
            file.position(0);
            begin(file);
            return true;
        }
        if (keyOf(path).equals(key)) {
            return false;
        }
        if (file.size() > file.position()) { // written just before it was moved
            return true;
        }
        Path next = path;
        for (Path each : files(path, maxFiles)) {
            if (Files.exists(each) && keyOf(each).equals(key)) {
                break;
            }
            next = Files.exists(each) ? each : next;
        }
        Opened opened = Opened.of(next);
        file.close();
        file = opened.file();
        key = opened.key();
        begin(file);
        return true;
    }

    private void begin(FileChannel from) {
        in = stream(from);
        line.reset();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
