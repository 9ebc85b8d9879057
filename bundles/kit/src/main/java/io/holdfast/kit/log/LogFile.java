package io.holdfast.kit.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;

/** One log file that is read while a container writes it. */
final class LogFile implements Closeable {

    private final Path path;
    private final FileChannel channel;
    private final Object key;
    private final CriLog log = new CriLog();
    private final ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);

    LogFile(Path path) throws IOException {
        this.path = path;
        this.channel = FileChannel.open(path, StandardOpenOption.READ);
        try {
            this.key = key(path);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** What was written since the last call; empty when there is nothing new. */
    List<CriLog.Piece> next() throws IOException {
        while (true) {
            buffer.clear();
            int length = channel.read(buffer);
            List<CriLog.Piece> pieces = log.take(buffer.array(), Math.max(0, length));
            if (length <= 0 || !pieces.isEmpty()) {
                return pieces;
            }
        }
    }

    /**
     * Goes to where the last entries begin, before anything was read. The file is read from its end, for it may be large.
     *
     * @return how many there are from there on, fewer than wanted where there are no more
     */
    long seekTail(long wanted) throws IOException {
        LineEnds lines = new LineEnds(channel);
        long found = 0;
        long end = lines.before(channel.size()); // what is not complete yet is read once it is
        while (end > 0) {
            long begin = lines.before(end - 1);
            boolean ends = CriLog.endsEntry(lines.head(begin, end));
            if (ends && found == wanted) {
                break;
            }
            found += ends ? 1 : 0;
            end = begin;
        }
        channel.position(end);
        return found;
    }

    /** Whether another file took its place: it is complete then. */
    boolean rotated() throws IOException {
        try {
            return !isSameAs(path) || Files.size(path) < channel.position();
        } catch (NoSuchFileException _) {
            return false; // moved away, and the new one is not there yet
        }
    }

    boolean isSameAs(Path other) throws IOException {
        return key(other).equals(key);
    }

    Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private static Object key(Path path) throws IOException {
        Object found = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        return found == null ? path : found;
    }
}
