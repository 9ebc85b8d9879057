package io.holdfast.reconciler;

/**
 * What all containers of a pod may take together.
 *
 * @param cpuShares relative weight
 * @param cpuQuota microseconds of cpu in each {@link CgroupMath#PERIOD_MICROS}, or 0 for no limit
 * @param memory bytes, or 0 for no limit
 */
record PodLimits(long cpuShares, long cpuQuota, long memory) {

    /** The same weight on the scale of cgroup version 2, as every engine converts it. */
    static long weight(long cpuShares) {
        return 1 + (cpuShares - CgroupMath.MIN_SHARES) * 9999 / (CgroupMath.MAX_SHARES - CgroupMath.MIN_SHARES);
    }
}
