package io.holdfast.mirror;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.holdfast.kit.tls.FileTrouble;
import io.holdfast.kit.tls.SecretFile;
import io.holdfast.kit.tls.TlsMaterial;

/** Reads files, and knows which of them have changed since. Owned by one thread. */
final class ReadFiles {

    /** @param key the file's inode: what was put in its place is another */
    private record Stamp(FileTime modified, long size, @Nullable Object key) {

        static final Stamp NONE = new Stamp(FileTime.fromMillis(0), -1, null);

        static Stamp of(Path file) {
            try {
                BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
                return new Stamp(now.lastModifiedTime(), now.size(), now.fileKey());
            } catch (IOException _) {
                return NONE;
            }
        }
    }

    private final Map<Path, Stamp> stamps = new HashMap<>();

    String text(String setting, Path file) throws FileTrouble {
        stamp(file);
        return SecretFile.read(setting, file);
    }

    String token(String setting, Path file) throws FileTrouble {
        stamp(file);
        return SecretFile.token(setting, file);
    }

    TlsMaterial.Part part(String setting, Path file) throws FileTrouble {
        stamp(file);
        return TlsMaterial.Part.read(setting, file);
    }

    boolean haveChanged() {
        return stamps.entrySet().stream().anyMatch(read -> !Stamp.of(read.getKey()).equals(read.getValue()));
    }

    /** Before it is read, so that a change meanwhile is seen the next time. */
    private void stamp(Path file) {
        stamps.putIfAbsent(file, Stamp.of(file));
    }
}
