package io.holdfast.runtime.docker;

import io.holdfast.runtime.ContainerSpec;

/**
 * What a container's options depend on beside its spec.
 *
 * @param imageUser as the image says it, empty for root; known when {@link #needsImageUser} only
 * @param recursiveReadOnly whether the Engine can make read-only what is mounted below a mount
 * @param appArmor whether this machine has AppArmor
 */
record Facts(String imageUser, boolean recursiveReadOnly, boolean appArmor) {

    static boolean needsImageUser(ContainerSpec spec) {
        return spec.security().gid() != null && spec.security().uid() == null;
    }
}
