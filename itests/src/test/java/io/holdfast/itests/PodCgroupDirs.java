package io.holdfast.itests;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The cgroups of a pod as this machine has them: in one hierarchy with version 2, in several with version 1. */
final class PodCgroupDirs {

    private static final int MOST_LOOKS = 200;
    private static final Path MOUNT = Path.of("/sys/fs/cgroup");

    private PodCgroupDirs() {
    }

    static boolean isUnified() {
        return Files.exists(MOUNT.resolve("cgroup.controllers"));
    }

    /** @param level such as {@code burstable}, or empty */
    static Path of(String controller, String level, String uid) throws IOException {
        Path hierarchy = isUnified() ? MOUNT : MOUNT.resolve(controller);
        return roots(hierarchy).stream().map(root -> root.resolve(level).resolve("pod" + uid)).filter(Files::exists)
                .findFirst().orElseThrow(() -> new AssertionError("no cgroup for pod " + uid + " in " + hierarchy));
    }

    /** Each agent has its own. */
    private static List<Path> roots(Path hierarchy) throws IOException {
        return children(hierarchy).stream().filter(p -> p.getFileName().toString().startsWith("holdfast_")).toList();
    }

    /** All there are, in any hierarchy and at any level. */
    static List<Path> of(String uid) throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path hierarchy : hierarchies()) {
            for (Path root : roots(hierarchy)) {
                Stream.of("", "burstable", "besteffort").map(level -> root.resolve(level).resolve("pod" + uid))
                        .filter(Files::exists).forEach(found::add);
            }
        }
        return found;
    }

    private static List<Path> hierarchies() throws IOException {
        return isUnified() ? List.of(MOUNT) : children(MOUNT);
    }

    /** Those of an agent that ended before its pods did. */
    static void remove(Path home) throws IOException, InterruptedException {
        for (Path root : ofAgent(home)) {
            delete(root);
        }
    }

    /** The roots of one agent: none when it has no pods. */
    static List<Path> ofAgent(Path home) throws IOException {
        String root = "holdfast_%08x".formatted(home.resolve("var").toString().hashCode());
        return hierarchies().stream().map(hierarchy -> hierarchy.resolve(root)).filter(Files::exists).toList();
    }

    private static void delete(Path group) throws IOException, InterruptedException {
        for (Path child : children(group)) {
            delete(child);
        }
        for (int looks = 0; looks < MOST_LOOKS && !processes(group).isEmpty(); looks++) { // which an engine has lost
            processes(group).forEach(pid -> ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly));
            Thread.sleep(10);
        }
        Files.delete(group);
    }

    private static List<String> processes(Path group) throws IOException {
        return Files.readAllLines(group.resolve("cgroup.procs"));
    }

    static List<Path> children(Path group) throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(group,
                p -> Files.isDirectory(p, LinkOption.NOFOLLOW_LINKS))) {
            all.forEach(found::add);
        }
        return found;
    }

    /** What a file of either version says. */
    static String read(Path group, String ofVersion1, String ofVersion2) throws IOException {
        return Files.readString(group.resolve(isUnified() ? ofVersion2 : ofVersion1)).strip();
    }

    /** The same limit in the words of the version that there is. */
    static String said(String inVersion1, String inVersion2) {
        return isUnified() ? inVersion2 : inVersion1;
    }
}
