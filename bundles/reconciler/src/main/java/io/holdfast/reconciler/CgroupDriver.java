package io.holdfast.reconciler;

import java.io.IOException;

/** What makes cgroups, as the engine does. */
interface CgroupDriver {

    /** Makes it with its limits; it may be there already. */
    void make(PodCgroup group, PodLimits limits) throws IOException, InterruptedException;

    /**
     * Removes it, if it is there.
     *
     * @throws IOException something runs in it
     */
    void remove(PodCgroup group) throws IOException, InterruptedException;

    /**
     * Kills what is left in the group of a pod that its engine knows nothing of any more, as the kubelet does: one that was
     * killed while it made a container may have lost it, with its processes.
     *
     * @return how many processes there were
     * @throws IOException they do not end
     */
    int end(PodCgroup group) throws IOException, InterruptedException;
}
