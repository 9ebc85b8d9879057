package io.holdfast.reconciler;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.holdfast.pod.Container;
import io.holdfast.pod.Container.MountPropagation;
import io.holdfast.pod.Container.VolumeMount;
import io.holdfast.pod.Pod;
import io.holdfast.runtime.ContainerSpec.Mount;
import io.holdfast.runtime.ContainerSpec.Mount.Access;

/** What a container has of the pod's volumes, as paths on the node. */
record ContainerMounts(Pod pod, PodDirectory directory, Map<String, Path> volumes) {

    /** @throws Unresolved a part of a volume cannot be had */
    List<Mount> of(Container container, Environment environment) throws IOException, InterruptedException {
        List<Mount> mounts = new ArrayList<>();
        for (VolumeMount mount : container.volumeMounts()) {
            Path path = volumes.get(mount.name());
            if (path == null) {
                throw new IllegalStateException("no volume " + mount.name()); // the reader lets none through
            }
            Path subPath = subPath(mount, container, environment);
            if (subPath != null) {
                path = part(mount, path, subPath, directory.subPath(mount.name(), container.name(), mounts.size()), container);
            }
            String at = mount.mountPath().startsWith("/") ? mount.mountPath() : "/" + mount.mountPath(); // as the kubelet does
            mounts.add(new Mount(at, path.toString(), access(mount),
                    mount.mountPropagation() == null ? MountPropagation.None : mount.mountPropagation()));
        }
        return mounts;
    }

    /** @return relative, without a way out; null when the whole volume is meant */
    static @Nullable Path subPath(VolumeMount mount, Container container, Environment environment) throws Unresolved {
        String text = mount.subPath() == null ? "" : mount.subPath();
        if (mount.subPathExpr() != null && !mount.subPathExpr().isEmpty()) {
            try {
                text = environment.expandAll(mount.subPathExpr());
            } catch (Unresolved e) {
                throw failed(mount, container, e.getMessage());
            }
        }
        if (text.isEmpty()) {
            return null;
        }
        Path path = Path.of(text);
        for (Path name : path) {
            if (name.toString().equals("..")) {
                throw failed(mount, container, "'" + text + "' must not contain '..'");
            }
        }
        if (path.isAbsolute()) {
            throw failed(mount, container, "'" + text + "' must not be an absolute path");
        }
        Path normal = path.normalize();
        return normal.toString().isEmpty() ? null : normal;
    }

    private static Unresolved failed(VolumeMount mount, Container container, @Nullable String why) {
        return new Unresolved("failed to prepare subPath for volumeMount \"" + mount.name() + "\" of container \""
                + container.name() + "\": " + why);
    }

    /** The engine is told a path that no container can swap: a mount of what the volume has there now. */
    private Path part(VolumeMount mount, Path volume, Path subPath, Path at, Container container)
            throws IOException, InterruptedException {
        Mounts.delete(at); // of the container before this one
        Files.createDirectories(at.getParent());
        try (Opened root = Opened.at(volume);
                Opened found = isReadOnly(mount) ? root.in(subPath) : root.made(subPath)) {
            if (found.isDirectory()) {
                Files.createDirectory(at);
            } else {
                Files.createFile(at);
            }
            Mounts.bind(found.path(), at);
        } catch (NoSuchFileException e) {
            throw failed(mount, container, "'" + e.getFile() + "' is not there");
        } catch (IOException e) {
            throw failed(mount, container, Volumes.reason(e));
        }
        return at;
    }

    /** The files of a ConfigMap and its like are the agent's, who writes them anew as a whole. */
    private boolean isReadOnly(VolumeMount mount) {
        return pod.spec().volumes().stream().anyMatch(v -> v.name().equals(mount.name()) && ConfigVolume.is(v));
    }

    private Access access(VolumeMount mount) {
        if (!mount.readOnly() && !isReadOnly(mount)) {
            return Access.ReadWrite;
        }
        return switch (mount.recursiveReadOnly()) {
            case "Enabled" -> Access.RecursiveReadOnly;
            case "IfPossible" -> Access.RecursiveReadOnlyIfPossible;
            case null, default -> Access.ReadOnly;
        };
    }
}
