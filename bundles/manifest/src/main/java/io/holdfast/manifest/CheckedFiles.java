package io.holdfast.manifest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import io.holdfast.source.FileNames;
import io.holdfast.source.Manifest;

/**
 * The files that a person names to be checked.
 *
 * @param list each file once, in the order they were named
 * @param empty directories in which nothing counts as a manifest
 */
record CheckedFiles(List<CheckedFile> list, List<String> empty) {

    /**
     * @param manifest its origin is the name as the person gave it
     * @param name what a file source would call it, or nothing for what has no name
     */
    record CheckedFile(Manifest manifest, Optional<String> name) {

        String shown() {
            return manifest.origin();
        }
    }

    static final String STDIN = "stdin";

    /**
     * @param in what {@code -} is; without it only regular files are read, because opening others may block
     */
    static CheckedFiles read(List<String> names, Path directory, Optional<InputStream> in) {
        Reader reader = new Reader(directory, in);
        names.forEach(reader::add);
        return new CheckedFiles(List.copyOf(reader.found), List.copyOf(reader.empty));
    }

    private static final class Reader {

        private final Path directory;
        private final Optional<InputStream> in;
        private final List<CheckedFile> found = new ArrayList<>();
        private final List<String> empty = new ArrayList<>();
        private final Set<Path> seen = new HashSet<>();

        Reader(Path directory, Optional<InputStream> in) {
            this.directory = directory;
            this.in = in;
        }

        void add(String name) {
            Path path = directory.resolve(name);
            if (name.equals("-")) {
                stdin();
            } else if (Files.isDirectory(path)) {
                addAll(path, name);
            } else if (Files.exists(path) && !Files.isRegularFile(path) && in.isEmpty()) {
                add(path, new Manifest.Unreadable(name, "it is not a file"));
            } else {
                add(path, file(path, name));
            }
        }

        private void add(Path path, Manifest manifest) {
            if (seen.add(path.toAbsolutePath().normalize())) {
                found.add(new CheckedFile(manifest, Optional.of(fileName(path))));
            }
        }

        private void stdin() {
            InputStream stream = in.orElseThrow(() -> new IllegalArgumentException(
                    "there is no standard input here to be read as '-'; name a file"));
            if (seen.add(Path.of(""))) {
                found.add(new CheckedFile(text(STDIN, stream), Optional.empty()));
            }
        }

        private void addAll(Path path, String name) {
            Set<Path> entries = new TreeSet<>();
            try (DirectoryStream<Path> all = Files.newDirectoryStream(path,
                    entry -> FileNames.USUAL.isManifest(fileName(entry)))) {
                all.forEach(entries::add);
            } catch (IOException | DirectoryIteratorException e) {
                add(path, new Manifest.Unreadable(name, reason(e, path)));
            }
            // others, such as a FIFO, are none to a source either; a link to nothing is one that cannot be read
            entries.removeIf(entry -> Files.exists(entry) && !Files.isRegularFile(entry));
            String before = name.endsWith("/") ? name : name + "/";
            entries.forEach(entry -> add(entry, file(entry, before + fileName(entry))));
            if (entries.isEmpty() && !seen.contains(path.toAbsolutePath().normalize())) {
                empty.add(name);
            }
        }

        private static Manifest file(Path path, String shown) {
            try (InputStream stream = Files.newInputStream(path)) {
                return text(shown, stream);
            } catch (IOException e) {
                return new Manifest.Unreadable(shown, reason(e, path));
            }
        }

        private static Manifest text(String shown, InputStream stream) {
            try {
                byte[] content = stream.readNBytes(Manifest.Text.MAX_BYTES + 1);
                return content.length == 0 ? new Manifest.Unreadable(shown, "it is empty")
                        : new Manifest.Text(shown, content);
            } catch (IOException e) {
                return new Manifest.Unreadable(shown, String.valueOf(e.getMessage()));
            }
        }

        private static String fileName(Path path) {
            Path name = path.getFileName();
            return name == null ? path.toString() : name.toString();
        }

        private static String reason(Exception e, Path path) {
            return switch (e) {
                case AccessDeniedException _ -> "permission denied";
                case NoSuchFileException _ when Files.exists(path, LinkOption.NOFOLLOW_LINKS) ->
                    "it is a symbolic link to a file that does not exist";
                case NoSuchFileException _ -> "no such file or directory";
                case FileSystemException f when f.getReason() != null -> f.getReason();
                default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            };
        }
    }
}
