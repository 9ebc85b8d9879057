package io.holdfast.reconciler;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

/** Modes and groups of files, past the umask. */
final class Modes {

    private static final int SET_GID = 02000;
    private static final int GROUP_READS = 0440; // of files that containers only read, as the kubelet has it
    private static final int GROUP_ENTERS = SET_GID | 0550;
    private static final int BITS = 07777;

    private Modes() {
    }

    static int get(Path path) throws IOException {
        return (Integer) Files.getAttribute(path, "unix:mode") & BITS;
    }

    /** Not for what others may replace by a link meanwhile. */
    static void set(Path path, int mode) throws IOException {
        Files.setAttribute(path, "unix:mode", mode);
    }

    /** What is written is never readable for more than in the end. */
    static void write(Path path, byte[] content, int mode) throws IOException {
        try (SeekableByteChannel channel = Files.newByteChannel(path, Set.of(CREATE_NEW, WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            for (ByteBuffer bytes = ByteBuffer.wrap(content); bytes.hasRemaining();) {
                channel.write(bytes);
            }
        }
        set(path, mode);
    }

    /** Gives a group all that is in a directory (fsGroup); nobody else may have access to it yet. */
    static void shareWith(Path tree, long group) throws IOException {
        List<Path> all;
        try (var walk = Files.walk(tree)) {
            all = walk.toList();
        }
        for (Path path : all) {
            setGroup(path, group);
            set(path, get(path) | (Files.isDirectory(path) ? GROUP_ENTERS : GROUP_READS));
        }
    }

    static void setGroup(Path path, long group) throws IOException {
        Files.setAttribute(path, "unix:gid", (int) group, NOFOLLOW_LINKS);
    }
}
