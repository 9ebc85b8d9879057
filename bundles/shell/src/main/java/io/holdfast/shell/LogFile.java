package io.holdfast.shell;

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
    private final Object key;
    private final FileChannel channel;
    private final CriLog log = new CriLog();
    private final ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);

    LogFile(Path path) throws IOException {
        this.path = path;
        this.channel = FileChannel.open(path, StandardOpenOption.READ);
        this.key = key();
    }

    /** What was written since the last call; empty when there is nothing new. */
    List<byte[]> next() throws IOException {
        while (true) {
            buffer.clear();
            int length = channel.read(buffer);
            List<byte[]> entries = log.take(buffer.array(), Math.max(0, length));
            if (length <= 0 || !entries.isEmpty()) {
                return entries;
            }
        }
    }

    /** Whether another file took its place: it is complete then. */
    boolean rotated() throws IOException {
        try {
            return !key().equals(key) || Files.size(path) < channel.position();
        } catch (NoSuchFileException _) {
            return false; // moved away, and the new one is not there yet
        }
    }

    Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private Object key() throws IOException {
        Object found = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        return found == null ? path : found;
    }
}
