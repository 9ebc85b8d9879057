package io.holdfast.reconciler;

import java.io.IOException;

/** What makes cgroups, as the engine does. */
interface CgroupDriver {

    /** Makes it with its limits; it may be there already. */
    void make(PodCgroup group, PodLimits limits) throws IOException, InterruptedException;

    /**
     * Removes it, if it is there.
     *
     * @throws IOException something runs in it: nothing is ever killed here
     */
    void remove(PodCgroup group) throws IOException, InterruptedException;
}
