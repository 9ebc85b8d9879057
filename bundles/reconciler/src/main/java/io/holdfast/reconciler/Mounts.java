package io.holdfast.reconciler;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Comparator;
import java.util.List;

/** Mounts and unmounts by the system's own commands, and deletes trees without leaving them. */
final class Mounts {

    private static final Path MOUNTS = Path.of("/proc/self/mountinfo");

    private Mounts() {
    }

    /** @param options such as {@code size=1048576} */
    static void tmpfs(Path at, String options) throws IOException, InterruptedException {
        if (!below(at).contains(at.toRealPath())) {
            run("mount", "-t", "tmpfs", "-o", options, "tmpfs", at.toString());
        }
    }

    /** A tmpfs that is not swapped out, where the kernel can do that (Linux 6.4). */
    static void memoryOnly(Path at, String options) throws IOException, InterruptedException {
        try {
            tmpfs(at, options + ",noswap");
        } catch (IOException e) {
            tmpfs(at, options);
        }
    }

    /** Shows a file or a directory in another place; what {@code from} is a link to by way of /proc is not looked up anew. */
    static void bind(Path from, Path at) throws IOException, InterruptedException {
        run("mount", "--no-canonicalize", "--bind", from.toString(), at.toString());
    }

    /** Deletes a tree after unmounting what is mounted in it; symbolic links are removed, never followed. */
    static void delete(Path tree) throws IOException, InterruptedException {
        if (Files.isSymbolicLink(tree)) {
            Files.delete(tree); // what it leads to is none of ours
            return;
        }
        if (!Files.exists(tree)) {
            return;
        }
        unmount(below(tree));
        if (!below(tree).isEmpty()) { // what is mounted there may be the node's own data
            throw new IOException("something is still mounted below " + tree + ": " + below(tree));
        }
        Files.walkFileTree(tree, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path dir, @org.jspecify.annotations.Nullable IOException e)
                    throws IOException {
                Files.deleteIfExists(dir);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /**
     * What is mounted below a mount of ours is somebody else's, seen through it: unmounting it here would unmount it there,
     * as long as the two share what is mounted.
     *
     * @param mounts the deepest first
     */
    private static void unmount(List<Path> mounts) throws IOException, InterruptedException {
        for (Path mount : mounts) {
            if (mounts.stream().anyMatch(m -> !m.equals(mount) && m.startsWith(mount))) {
                run("mount", "--make-private", mount.toString());
            }
        }
        for (Path mount : mounts) {
            run("umount", mount.toString());
        }
    }

    /** Mount points at or below a directory, the deepest first. */
    private static List<Path> below(Path tree) throws IOException {
        Path real = tree.toRealPath();
        return Lines.of(MOUNTS).map(line -> unescape(line.split(" ", 6)[4])).filter(m -> m.startsWith(real.toString())).map(Path::of)
                .filter(p -> p.startsWith(real)).sorted(Comparator.comparingInt(Path::getNameCount).reversed()).toList();
    }

    /** The kernel writes blanks and the like in octal. */
    private static String unescape(String field) {
        return field.replace("\\040", " ").replace("\\011", "\t").replace("\\012", "\n").replace("\\134", "\\");
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + output.strip());
        }
    }
}
