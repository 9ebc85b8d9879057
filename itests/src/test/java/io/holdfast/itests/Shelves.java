package io.holdfast.itests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Where the sources of a {@link Storm} find their manifests: one way for each kind of source. */
final class Shelves {

    private Shelves() {
    }

    /** Each pod in a file, renamed into place, and only where something has changed. */
    static Place.Shelf directory(Path directory) {
        return manifests -> {
            for (Path file : files(directory)) {
                if (!manifests.containsKey(file.getFileName().toString().replace(".yaml", ""))) {
                    Files.delete(file);
                }
            }
            for (Map.Entry<String, String> manifest : manifests.entrySet()) {
                Path file = directory.resolve(manifest.getKey() + ".yaml");
                if (!Files.exists(file) || !Files.readString(file).equals(manifest.getValue())) {
                    Path next = Files.writeString(directory.resolve("." + manifest.getKey()), manifest.getValue());
                    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
                }
            }
        };
    }

    /** All pods as documents of one text. */
    static Place.Shelf server(ManifestServer server) {
        return manifests -> server.set(String.join("---\n", manifests.values()));
    }

    /** Each pod in a file at the top of a repository, every change a commit. */
    static Place.Shelf repository(Path repository) throws IOException, InterruptedException {
        git(Files.createDirectories(repository), "init", "-q");
        Place.Shelf files = directory(repository);
        return manifests -> {
            files.fill(manifests);
            git(repository, "add", "-A");
            git(repository, "-c", "user.name=storm", "-c", "user.email=storm@localhost", "commit", "-q", "-m", "Change");
        };
    }

    private static List<Path> files(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            return files.filter(f -> f.toString().endsWith(".yaml")).toList();
        }
    }

    private static void git(Path directory, String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("git", "-C", directory.toString()));
        command.addAll(List.of(words));
        if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
            throw new IOException("failed: " + command);
        }
    }
}
