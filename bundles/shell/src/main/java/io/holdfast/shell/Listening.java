package io.holdfast.shell;

import java.io.Closeable;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** A Unix socket that only its owner can connect to, at any instant of its life. */
record Listening(Path path, ServerSocketChannel channel, Object key) implements Closeable {

    private static final FileAttribute<?> PRIVATE_DIRECTORY = PosixFilePermissions
            .asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    /** @throws IOException another agent answers there, or the place is no good */
    static Listening open(Path path) throws IOException {
        Path directory = path.toAbsolutePath().getParent();
        if (directory == null) {
            throw new IOException(path + " is no place for a socket");
        }
        Files.createDirectories(directory, PRIVATE_DIRECTORY);
        if (answers(path)) {
            throw new IOException("another agent answers on " + path);
        }
        // a socket is born with the permissions of the umask: so it is born where nobody else can come
        Path nursery = Files.createTempDirectory(directory, "", PRIVATE_DIRECTORY);
        Path born = nursery.resolve("s");
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.bind(UnixDomainSocketAddress.of(born));
            Files.setPosixFilePermissions(born, PosixFilePermissions.fromString("rw-------"));
            Object key = key(born);
            Files.move(born, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return new Listening(path, channel, key);
        } catch (IOException e) {
            channel.close();
            Files.deleteIfExists(born);
            throw e;
        } finally {
            Files.delete(nursery);
        }
    }

    /** Nobody is accepted any more; what waits to be is told so. */
    void stop() {
        try {
            channel.close();
        } catch (IOException _) {
            // then there was nothing to close
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && key(path).equals(key)) {
            Files.delete(path); // ours, and not that of an agent that came after
        }
    }

    private static boolean answers(Path path) {
        try (SocketChannel _ = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    private static Object key(Path path) throws IOException {
        return Files.getAttribute(path, "unix:fileKey", LinkOption.NOFOLLOW_LINKS);
    }
}
