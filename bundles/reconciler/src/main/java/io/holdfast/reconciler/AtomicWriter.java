package io.holdfast.reconciler;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

import io.holdfast.source.ConfigObject.Value;

/**
 * Replaces all files of a directory at one moment, as applications that watch their configuration expect it of the
 * kubelet: {@code ..data} is a link to the directory that has them, the names that a person sees are links through it.
 * What a killed agent left half done, the next writing completes.
 */
final class AtomicWriter {

    private static final String DATA = "..data";
    private static final DateTimeFormatter NAME = DateTimeFormatter.ofPattern("'..'yyyy_MM_dd_HH_mm_ss.");
    private static final int DIRECTORY_MODE = 0755;

    private AtomicWriter() {
    }

    /**
     * Makes them the files of the directory, unless they are already.
     *
     * @param group that they belong to, or null
     * @return whether anything was written
     */
    static boolean write(Path directory, Map<String, ConfigVolume.File> files, @Nullable Long group)
            throws IOException, InterruptedException {
        for (String path : files.keySet()) {
            check(path);
        }
        Path data = directory.resolve(DATA);
        boolean changed = !has(data, files);
        if (changed) {
            Path link = directory.resolve("..data_tmp");
            Files.deleteIfExists(link);
            Files.createSymbolicLink(link, directory.relativize(fresh(directory, files, group)));
            Files.move(link, data, StandardCopyOption.ATOMIC_MOVE);
        }
        show(directory, files.keySet());
        tidy(directory, directory.resolve(Files.readSymbolicLink(data)));
        return changed;
    }

    /** Whether the directory has ever been written. */
    static boolean isWritten(Path directory) {
        return Files.isDirectory(directory.resolve(DATA));
    }

    private static void check(String path) throws IOException {
        Path relative = Path.of(path);
        if (path.isEmpty() || relative.isAbsolute() || path.startsWith("..") || !relative.normalize().equals(relative)) {
            throw new IOException("'" + path + "' is no path for a file in a volume");
        }
    }

    private static boolean has(Path data, Map<String, ConfigVolume.File> files) throws IOException {
        if (!Files.isDirectory(data)) {
            return false;
        }
        Path current = data.toRealPath();
        Set<String> there = new HashSet<>();
        try (var all = Files.walk(current)) {
            all.filter(Files::isRegularFile).forEach(file -> there.add(current.relativize(file).toString()));
        }
        if (!there.equals(files.keySet())) {
            return false;
        }
        for (Map.Entry<String, ConfigVolume.File> file : files.entrySet()) {
            if (!Value.of(Files.readAllBytes(current.resolve(file.getKey()))).equals(file.getValue().content())) {
                return false;
            }
        }
        return true;
    }

    private static Path fresh(Path directory, Map<String, ConfigVolume.File> files, @Nullable Long group) throws IOException {
        Path fresh = Files.createTempDirectory(directory, LocalDateTime.now().format(NAME));
        Modes.set(fresh, DIRECTORY_MODE);
        for (Map.Entry<String, ConfigVolume.File> file : files.entrySet()) {
            Path relative = Path.of(file.getKey());
            for (int names = 1; names < relative.getNameCount(); names++) {
                directory(fresh.resolve(relative.subpath(0, names)));
            }
            Modes.write(fresh.resolve(relative), file.getValue().content().bytes(), file.getValue().mode());
        }
        if (group != null) {
            Modes.shareWith(fresh, group);
        }
        return fresh;
    }

    private static void directory(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            Files.createDirectory(path);
            Modes.set(path, DIRECTORY_MODE);
        }
    }

    /** Links for the first names of all paths, and for nothing else. */
    private static void show(Path directory, Set<String> paths) throws IOException {
        Set<String> names = new TreeSet<>();
        paths.forEach(path -> names.add(Path.of(path).getName(0).toString()));
        for (Path link : in(directory)) {
            String name = link.getFileName().toString();
            if (!name.startsWith("..") && !names.remove(name)) {
                Files.delete(link);
            }
        }
        for (String name : names) {
            Files.createSymbolicLink(directory.resolve(name), Path.of(DATA, name));
        }
    }

    private static void tidy(Path directory, Path current) throws IOException, InterruptedException {
        for (Path old : in(directory)) {
            if (old.getFileName().toString().startsWith("..") && !old.equals(current)
                    && Files.isDirectory(old, LinkOption.NOFOLLOW_LINKS)) {
                Mounts.delete(old);
            }
        }
    }

    private static List<Path> in(Path directory) throws IOException {
        List<Path> all = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
            stream.forEach(all::add);
        }
        return all;
    }
}
