package io.holdfast.reconciler;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

import io.holdfast.pod.Volume.HostPath;

/** The eight types of a hostPath (behaviour G3). */
final class HostPathCheck {

    private static final int FORMAT = 0170000; // of st_mode, see inode(7)
    private static final int SOCKET = 0140000;
    private static final int BLOCK = 0060000;
    private static final int CHARACTER = 0020000;

    private HostPathCheck() {
    }

    /**
     * Makes what the type says to make.
     *
     * @throws IOException with the reason when the path is not of its type
     */
    static Path checked(HostPath volume) throws IOException {
        Path path = Path.of(volume.path());
        boolean fits = switch (volume.type()) {
            case Unset -> true;
            case Directory -> Files.isDirectory(path);
            case DirectoryOrCreate -> Files.isDirectory(path) || madeDirectory(path);
            case File -> Files.isRegularFile(path);
            case FileOrCreate -> Files.isRegularFile(path) || madeFile(path);
            case Socket -> is(path, SOCKET);
            case CharDevice -> is(path, CHARACTER);
            case BlockDevice -> is(path, BLOCK);
        };
        if (!fits) {
            throw new IOException("hostPath type check failed: " + path + (Files.exists(path) ? " is not a " : " is missing; expected a ")
                    + volume.type());
        }
        return path;
    }

    private static boolean madeDirectory(Path path) throws IOException {
        if (!Files.exists(path)) {
            Files.createDirectories(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
            return true;
        }
        return false;
    }

    private static boolean madeFile(Path path) throws IOException {
        if (!Files.exists(path)) {
            Files.createFile(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--")));
            return true;
        }
        return false;
    }

    private static boolean is(Path path, int format) throws IOException {
        return Files.exists(path) && (((Integer) Files.getAttribute(path, "unix:mode")) & FORMAT) == format;
    }
}
