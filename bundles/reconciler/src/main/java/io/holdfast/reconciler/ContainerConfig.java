package io.holdfast.reconciler;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import io.holdfast.pod.Container;
import io.holdfast.runtime.ContainerSpec.Mount;

/**
 * What a container is given of the pod, of its volumes, and of ConfigMaps and Secrets.
 *
 * @param read which values it has read for good, see {@link ReadConfig#ANNOTATION}
 */
record ContainerConfig(Environment environment, List<Mount> mounts, String read) {

    ContainerConfig {
        mounts = List.copyOf(mounts);
    }

    /**
     * Mounts what has to be mounted for it.
     *
     * @throws Unresolved something is missing
     */
    static ContainerConfig of(Container container, Volumes volumes, Map<String, Path> paths)
            throws IOException, InterruptedException {
        Environment environment = new Environment(container, volumes.fields(), volumes.objects());
        ContainerMounts mounts = new ContainerMounts(volumes.fields().pod(), volumes.directory(), paths);
        String uid = volumes.fields().field("metadata.uid");
        String read = new ReadConfig(container, volumes.fields(), volumes.objects()).hashes(uid);
        return new ContainerConfig(environment, mounts.of(container, environment), read);
    }
}
