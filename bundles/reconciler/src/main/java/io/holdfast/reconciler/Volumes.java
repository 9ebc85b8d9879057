package io.holdfast.reconciler;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

import org.jspecify.annotations.Nullable;

import io.holdfast.pod.Container;
import io.holdfast.pod.Pod;
import io.holdfast.pod.Quantity;
import io.holdfast.pod.Volume;

/** Volumes of a pod as paths on the node (behaviour G3). May be repeated: what is there is kept, or brought up to date. */
record Volumes(PodFields fields, PodDirectory directory, ConfigObjects objects) {

    private static final int EVERYBODY = 0777;
    private static final int SET_GID = 02000;

    /** @return the path of each volume by its name */
    Map<String, Path> prepare() throws IOException, InterruptedException {
        Map<String, Path> paths = new HashMap<>();
        for (Volume volume : pod().spec().volumes()) {
            try {
                if (volume.hostPath() != null) {
                    paths.put(volume.name(), HostPathCheck.checked(volume.hostPath()));
                } else if (volume.emptyDir() != null) {
                    paths.put(volume.name(), emptyDir(volume.emptyDir(), directory.emptyDir(volume.name())));
                } else {
                    paths.put(volume.name(), config(volume));
                }
            } catch (IOException e) {
                throw new IOException("volume \"" + volume.name() + "\": " + reason(e), e);
            }
        }
        return paths;
    }

    /**
     * Writes what has changed of ConfigMaps and Secrets. What is no longer there, or not as it should be, stays as it was.
     *
     * @return what stays, and why
     */
    List<String> refresh() throws IOException, InterruptedException {
        List<String> stale = new ArrayList<>();
        for (Volume volume : pod().spec().volumes()) {
            if (ConfigVolume.is(volume)) {
                try {
                    write(volume, ConfigVolume.files(volume, fields, objects));
                } catch (Unresolved e) {
                    stale.add("volume \"" + volume.name() + "\" stays as it was: " + e.getMessage());
                }
            }
        }
        return stale;
    }

    private Pod pod() {
        return fields.pod();
    }

    private @Nullable Long group() {
        return pod().spec().securityContext() == null ? null : pod().spec().securityContext().fsGroup();
    }

    /** One that is there already, from before its ConfigMap or Secret went, is as good. */
    private Path config(Volume volume) throws IOException, InterruptedException {
        SortedMap<String, ConfigVolume.File> files;
        try {
            files = ConfigVolume.files(volume, fields, objects);
        } catch (Unresolved e) {
            Path before = directory.config(volume);
            if (AtomicWriter.isWritten(before)) {
                return before;
            }
            throw e;
        }
        return write(volume, files);
    }

    private Path write(Volume volume, SortedMap<String, ConfigVolume.File> files) throws IOException, InterruptedException {
        Path path = directory.config(volume);
        Files.createDirectories(path);
        Modes.set(directory.configs(volume), 0750); // other users of the node see no Secret
        if (ConfigVolume.hasSecret(volume)) {
            Mounts.memoryOnly(path, "mode=0755");
        }
        Long group = group();
        if (group != null) {
            Modes.setGroup(path, group);
        }
        Modes.set(path, group == null ? 0755 : SET_GID | 0755);
        AtomicWriter.write(path, files, group);
        return path;
    }

    /** Its owner is root, its group the pod's own; what containers make of it is theirs from then on. */
    private Path emptyDir(Volume.EmptyDir spec, Path path) throws IOException, InterruptedException {
        Long group = group();
        int mode = group == null ? EVERYBODY : EVERYBODY | SET_GID;
        if (!Files.isDirectory(path)) {
            Path fresh = path.resolveSibling("." + path.getFileName() + ".new"); // no volume is named so
            Files.createDirectories(fresh);
            if (group != null) {
                Modes.setGroup(fresh, group);
            }
            Modes.set(fresh, mode); // past the umask
            Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE); // there is never one with less than that
        }
        if (spec.medium().equals("Memory")) {
            Mounts.tmpfs(path, "mode=0%o,size=%d%s".formatted(mode, size(spec), group == null ? "" : ",gid=" + group));
        }
        return path;
    }

    /** No more than its limit, than all containers together may have, than there is. */
    private long size(Volume.EmptyDir spec) throws IOException {
        long most = Capacity.memory();
        List<@Nullable Quantity> limits = new ArrayList<>();
        for (Container container : pod().spec().containers()) {
            limits.add(container.resources().limits().get("memory"));
        }
        if (!limits.contains(null)) {
            most = Math.min(most, limits.stream().mapToLong(q -> q == null ? 0 : q.value()).sum());
        }
        long limit = spec.sizeLimit() == null ? 0 : spec.sizeLimit().value();
        return limit > 0 ? Math.min(most, limit) : most;
    }

    static String reason(IOException e) {
        return e instanceof java.nio.file.FileSystemException f && f.getReason() == null
                ? e.getClass().getSimpleName() + ": " + e.getMessage()
                : String.valueOf(e.getMessage());
    }
}
