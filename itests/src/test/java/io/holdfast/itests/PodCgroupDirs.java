package io.holdfast.itests;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The cgroups of a pod as this machine has them: in one hierarchy with version 2, in several with version 1. */
final class PodCgroupDirs {

    private static final Path MOUNT = Path.of("/sys/fs/cgroup");

    private PodCgroupDirs() {
    }

    static boolean isUnified() {
        return Files.exists(MOUNT.resolve("cgroup.controllers"));
    }

    /** @param level such as {@code burstable}, or empty */
    static Path of(String controller, String level, String uid) {
        return (isUnified() ? MOUNT : MOUNT.resolve(controller)).resolve("holdfast").resolve(level).resolve("pod" + uid);
    }

    /** All there are, in any hierarchy and at any level. */
    static List<Path> of(String uid) throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path hierarchy : isUnified() ? List.of(MOUNT) : children(MOUNT)) {
            for (String level : List.of("", "burstable", "besteffort")) {
                Path group = hierarchy.resolve("holdfast").resolve(level).resolve("pod" + uid);
                if (Files.exists(group)) {
                    found.add(group);
                }
            }
        }
        return found;
    }

    /** Those that pods of an agent have which ended before them. */
    static void remove(Path home) throws IOException {
        Path pods = home.resolve("var/pods");
        for (Path pod : Files.isDirectory(pods) ? children(pods) : List.<Path>of()) {
            for (Path group : of(pod.getFileName().toString())) {
                delete(group);
            }
        }
    }

    private static void delete(Path group) throws IOException {
        for (Path child : children(group)) {
            delete(child);
        }
        Files.delete(group);
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
