package io.holdfast.source.file;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

import io.holdfast.source.FileNames;

/**
 * The directory that is read, as it was when it was opened, and which names in it count. One configured file is its
 * directory with one name that counts (behaviour F1).
 *
 * @param key device and inode of the directory
 */
record Place(Path directory, Object key, Predicate<String> counts) {

    /** @throws IOException there is no such directory or file, or it cannot be read */
    static Place open(Path path, FileNames names) throws IOException {
        if (Files.isDirectory(path)) {
            return new Place(path, key(path), names::isManifest);
        }
        Path directory = path.toAbsolutePath().getParent();
        if (!Files.exists(path) || directory == null) {
            throw new IOException(path + ": no such directory or file; its pods stay as they are until it is there");
        }
        return new Place(directory, key(directory), name(path)::equals);
    }

    /**
     * An unmounted or renamed directory must not pass for one whose files were deleted (behaviour F5b).
     *
     * @throws IOException what is at the path now is not the directory that was opened
     */
    void check() throws IOException {
        if (!key(directory).equals(key)) {
            throw new IOException(directory + ": another directory has taken its place; reading that one now");
        }
    }

    /** All names that count, sorted. */
    Set<Path> list() throws IOException {
        Set<Path> found = new TreeSet<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, e -> counts.test(name(e)))) {
            entries.forEach(e -> found.add(e.getFileName()));
        } catch (DirectoryIteratorException e) {
            throw new IOException(directory + ": cannot be listed: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new IOException(directory + ": " + Reasons.of(e), e);
        }
        return found;
    }

    private static String name(Path entry) {
        Path name = entry.getFileName();
        return name == null ? "" : name.toString();
    }

    private static Object key(Path directory) throws IOException {
        try {
            return Files.getAttribute(directory, "unix:fileKey");
        } catch (NoSuchFileException e) {
            throw new IOException(directory + ": the directory is gone; its pods stay as they are until it is back", e);
        } catch (IOException e) {
            throw new IOException(directory + ": " + Reasons.of(e), e);
        }
    }
}
