package io.holdfast.source.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;

/** What is found at a path without opening it: opening a FIFO or a device would block or do harm (behaviour F8). */
sealed interface Look {

    /** Nothing there. */
    record Absent() implements Look {
    }

    /** A directory, FIFO, socket or device. */
    record NoFile() implements Look {
    }

    record Broken(String reason) implements Look {
    }

    /**
     * A regular file, links followed. Two equal ones are taken for the same content.
     *
     * @param key device and inode
     * @param modified when the content changed
     * @param changed when content, name, owner or mode changed
     */
    record Stamp(Object key, long size, FileTime modified, FileTime changed, int mode) implements Look {

        boolean othersMayWrite() {
            return (mode & 022) != 0;
        }

        /** A rename, which comes after the last write, touches {@code changed} alone. */
        boolean movedAfterWriting() {
            return changed.compareTo(modified) > 0;
        }

        Duration age(Instant now) {
            return Duration.between(changed.toInstant(), now);
        }

        String permissions() {
            return "%04o".formatted(mode & 07777);
        }
    }

    static Look at(Path path) {
        try {
            Map<String, Object> is = Files.readAttributes(path,
                    "unix:isRegularFile,fileKey,size,lastModifiedTime,ctime,mode");
            return get(is, "isRegularFile", Boolean.class) ? stamp(is) : new NoFile();
        } catch (NoSuchFileException e) {
            return Files.exists(path, LinkOption.NOFOLLOW_LINKS)
                    ? new Broken("it is a symbolic link to a file that does not exist")
                    : new Absent();
        } catch (IOException e) {
            return new Broken(Reasons.of(e));
        }
    }

    private static Stamp stamp(Map<String, Object> is) {
        return new Stamp(get(is, "fileKey", Object.class), get(is, "size", Long.class),
                get(is, "lastModifiedTime", FileTime.class), get(is, "ctime", FileTime.class),
                get(is, "mode", Integer.class));
    }

    private static <T> T get(Map<String, Object> attributes, String name, Class<T> type) {
        return type.cast(Objects.requireNonNull(attributes.get(name), name));
    }
}
