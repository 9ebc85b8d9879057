package io.holdfast.reconciler;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;

import io.holdfast.pod.Pod;
import io.holdfast.pod.Volume;

/** Volumes of a pod as paths on the node (behaviour G3). May be repeated: what is there is kept. */
final class Volumes {

    private Volumes() {
    }

    /** @return the path of each volume by its name */
    static Map<String, Path> prepare(Pod pod, PodDirectory directory) throws IOException, InterruptedException {
        Map<String, Path> paths = new HashMap<>();
        for (Volume volume : pod.spec().volumes()) {
            try {
                if (volume.hostPath() != null) {
                    paths.put(volume.name(), HostPathCheck.checked(volume.hostPath()));
                } else if (volume.emptyDir() != null) {
                    paths.put(volume.name(), emptyDir(volume.emptyDir(), directory.emptyDir(volume.name())));
                }
            } catch (IOException e) {
                throw new IOException("volume \"" + volume.name() + "\": " + reason(e), e);
            }
        }
        return paths;
    }

    private static Path emptyDir(Volume.EmptyDir spec, Path path) throws IOException, InterruptedException {
        if (!Files.isDirectory(path)) {
            Path fresh = path.resolveSibling("." + path.getFileName() + ".new"); // no volume is named so
            Files.createDirectories(fresh);
            Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwxrwxrwx")); // past the umask
            Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE); // there is never one with less than that
        }
        if (spec.medium().equals("Memory")) {
            Mounts.tmpfs(path, "mode=0777" + (spec.sizeLimit() == null ? "" : ",size=" + spec.sizeLimit().value()));
        }
        return path;
    }

    private static String reason(IOException e) {
        return e instanceof java.nio.file.FileSystemException f && f.getReason() == null
                ? e.getClass().getSimpleName() + ": " + e.getMessage()
                : String.valueOf(e.getMessage());
    }
}
