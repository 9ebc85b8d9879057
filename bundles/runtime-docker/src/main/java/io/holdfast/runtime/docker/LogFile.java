package io.holdfast.runtime.docker;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

import io.holdfast.kit.log.LogLimits;

/** A container's log in CRI format, of which one thread writes whole lines at the end. */
final class LogFile implements AutoCloseable {

    /**
     * Where the log ends.
     *
     * @param time of the last entries; empty when there is none
     * @param entries that have this time: parts of a long line share theirs
     */
    record End(String time, int entries) {

        static final End NONE = new End("", 0);
    }

    private static final int TAIL = 1 << 16; // more than an entry may have
    private static final int SHORTEST = "2026-01-01T00:00:00.000000000Z stdout F ".length();

    private final Path path;
    private final LogLimits limits;
    private FileChannel out;
    private volatile boolean moved;

    /** @throws NoSuchFileException its directory is not there */
    LogFile(Path path, LogLimits limits) throws IOException {
        this.path = path;
        this.limits = limits;
        out = open(path);
        cutTornLine();
    }

    private static FileChannel open(Path path) throws IOException {
        return FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** What an agent that was killed has begun to write. */
    private void cutTornLine() throws IOException {
        byte[] tail = tail(path, TAIL);
        int end = tail.length;
        while (end > 0 && tail[end - 1] != '\n') {
            end--;
        }
        if (end < tail.length) {
            out.truncate(out.size() - (tail.length - end));
        }
    }

    /** Of this file or, when it is still empty, of the one that was written before. */
    End end() throws IOException {
        return end(path).or(this::endBefore).orElse(End.NONE);
    }

    private Optional<End> endBefore() {
        try (var files = Files.list(path.toAbsolutePath().getParent())) {
            List<Path> moved = files.filter(f -> f.getFileName().toString().startsWith(path.getFileName() + "."))
                    .sorted(Comparator.comparingLong((Path f) -> f.toFile().lastModified()).reversed()).toList();
            for (Path each : moved) {
                Optional<End> end = end(each);
                if (end.isPresent()) {
                    return end;
                }
            }
        } catch (IOException e) {
            // somebody tidies up: what is gone is no end
        }
        return Optional.empty();
    }

    private static Optional<End> end(Path file) throws IOException {
        long size = Files.size(file);
        for (long length = TAIL;; length *= 8) {
            byte[] tail = tail(file, length);
            List<String> times = new String(tail, ISO_8859_1).lines().skip(tail.length < size ? 1 : 0)
                    .filter(line -> line.length() >= SHORTEST && line.charAt(SHORTEST - 11) == 'Z')
                    .map(line -> line.substring(0, SHORTEST - 10)).toList();
            if (times.isEmpty() && length >= size) {
                return Optional.empty();
            }
            if (!times.isEmpty()) {
                int same = times.size() - times.reversed().stream().takeWhile(times.getLast()::equals).toList().size();
                if (same > 0 || length >= size) {
                    return Optional.of(new End(times.getLast(), times.size() - same));
                }
            }
        }
    }

    private static byte[] tail(Path file, long most) throws IOException {
        try (FileChannel in = FileChannel.open(file)) {
            long from = Math.max(0, in.size() - most);
            ByteBuffer bytes = ByteBuffer.allocate((int) (in.size() - from));
            while (bytes.hasRemaining() && in.read(bytes, from + bytes.position()) >= 0) {
                // until it is full
            }
            return bytes.array();
        }
    }

    /** @param lines whole ones */
    void write(byte[] lines) throws IOException {
        if (moved) {
            moved = false;
            out.close();
            out = open(path);
        }
        if (out.size() > 0 && out.size() + lines.length > limits.maxBytes()) {
            rotate();
        }
        ByteBuffer bytes = ByteBuffer.wrap(lines);
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }

    private void rotate() throws IOException {
        out.close();
        for (int i = limits.maxFiles() - 1; i > 0; i--) {
            Path from = i == 1 ? path : numbered(i - 1);
            if (Files.exists(from)) {
                Files.move(from, numbered(i), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            }
        }
        Files.deleteIfExists(path); // it is there still when only one is kept
        out = open(path);
    }

    private Path numbered(int number) {
        return path.resolveSibling(path.getFileName() + "." + number);
    }

    /** Makes it anew where it was moved away from. May be called by any thread. */
    void reopen() throws IOException {
        moved = true;
        open(path).close();
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
