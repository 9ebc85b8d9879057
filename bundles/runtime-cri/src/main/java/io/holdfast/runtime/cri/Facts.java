package io.holdfast.runtime.cri;

import io.holdfast.runtime.ContainerSpec;
import io.holdfast.runtime.ContainerSpec.Mount.Access;
import io.holdfast.runtime.cri.wire.StatusResponse;

/**
 * What is asked of the engine before it is told to make a container: only when that depends on it, as few do.
 *
 * @param imageUser id or name, empty for root
 * @param recursiveReadOnly whether it can make read-only what is mounted below a mount
 * @param groupsPolicy whether it can leave out the groups that an image gives its user
 */
record Facts(String imageUser, boolean recursiveReadOnly, boolean groupsPolicy) {

    /** As long as the engine was not asked. */
    static final Facts NONE = new Facts("", false, false);

    static boolean needsImageUser(ContainerSpec spec) {
        return spec.security().gid() != null && spec.security().uid() == null;
    }

    static boolean needsFeatures(ContainerSpec spec) {
        return !spec.security().mergeImageGroups() || spec.mounts().stream().map(ContainerSpec.Mount::access)
                .anyMatch(a -> a == Access.RecursiveReadOnly || a == Access.RecursiveReadOnlyIfPossible);
    }

    /** @param handler that the container is run by, empty for the engine's default */
    static Facts of(String imageUser, String handler, StatusResponse status) {
        return new Facts(imageUser, status.getRuntimeHandlersList().stream().filter(h -> h.getName().equals(handler))
                .anyMatch(h -> h.getFeatures().getRecursiveReadOnlyMounts()),
                status.getFeatures().getSupplementalGroupsPolicy());
    }
}
