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
import java.util.stream.IntStream;
import java.util.stream.Stream;

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
     * @param names what a source may call it, the likeliest first; none of what is no file
     * @param unusual whether its name is none that sources read
     */
    record CheckedFile(Manifest manifest, List<String> names, boolean unusual) {

        String shown() {
            return manifest.origin();
        }
    }

    static final String STDIN = "stdin";

    /**
     * @param in what {@code -} is; without it only regular files are read, because opening others may block
     * @param maxBytes of all files together
     * @throws IllegalArgumentException what is named makes no sense, or is too much
     */
    static CheckedFiles read(List<String> names, Path directory, Optional<InputStream> in, long maxBytes) {
        Reader reader = new Reader(directory, in, maxBytes);
        names.forEach(reader::add);
        return new CheckedFiles(List.copyOf(reader.found), List.copyOf(reader.empty));
    }

    private static final class Reader {

        private final Path directory;
        private final Optional<InputStream> in;
        private final List<CheckedFile> found = new ArrayList<>();
        private final List<String> empty = new ArrayList<>();
        private final Set<Path> seen = new HashSet<>();
        private long left;

        Reader(Path directory, Optional<InputStream> in, long maxBytes) {
            this.directory = directory;
            this.in = in;
            this.left = maxBytes;
        }

        void add(String name) {
            if (name.isEmpty()) {
                throw new IllegalArgumentException("which file is ''?");
            }
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
            Path whole = path.toAbsolutePath().normalize();
            if (seen.add(whole)) {
                boolean isPipe = Files.exists(path) && !Files.isRegularFile(path);
                found.add(new CheckedFile(manifest, isPipe ? List.of() : names(manifest.origin(), whole),
                        manifest instanceof Manifest.Text && !isPipe && !FileNames.USUAL.isManifest(fileName(path))));
            }
        }

        /** As the person gave it, and by more and more of its directories left out, as a source below them calls it. */
        private static List<String> names(String given, Path whole) {
            Stream<String> ends = IntStream.range(0, whole.getNameCount())
                    .mapToObj(from -> whole.subpath(from, whole.getNameCount()).toString());
            return Stream.concat(Stream.of(given), ends).toList();
        }

        private void stdin() {
            InputStream stream = in.orElseThrow(() -> new IllegalArgumentException(
                    "there is no standard input here to be read as '-'; name a file"));
            if (seen.add(Path.of(""))) {
                found.add(new CheckedFile(text(STDIN, stream), List.of(), false));
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

        private Manifest file(Path path, String shown) {
            try (InputStream stream = Files.newInputStream(path)) {
                return text(shown, stream);
            } catch (IOException e) {
                return new Manifest.Unreadable(shown, reason(e, path));
            }
        }

        private Manifest text(String shown, InputStream stream) {
            try {
                byte[] content = stream.readNBytes((int) Math.min(Manifest.Text.MAX_BYTES, left) + 1);
                if (content.length > left) {
                    throw new IllegalArgumentException("these files are too much for the agent's memory; check this with"
                            + " holdfast validate, which has its own");
                }
                left -= content.length;
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
