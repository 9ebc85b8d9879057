package io.holdfast.reconciler;

import java.util.Map;

import io.holdfast.pod.Container;
import io.holdfast.pod.Quantity;
import io.holdfast.runtime.ContainerSpec;

/** Requests and limits as the numbers a cgroup takes (behaviour G6). */
final class CgroupMath {

    private static final int PERIOD_MICROS = 100_000;
    private static final int MIN_QUOTA = 1000; // the kernel takes no less
    private static final int MIN_SHARES = 2;
    private static final int MAX_SHARES = 262_144;
    /** Static pods are critical for their node: the kubelet gives every one of them this. */
    private static final int OOM_SCORE = -997;

    private CgroupMath() {
    }

    static ContainerSpec.Resources of(Container container) {
        Map<String, Quantity> requests = container.resources().requests();
        Map<String, Quantity> limits = container.resources().limits();
        Quantity cpu = requests.getOrDefault("cpu", limits.get("cpu"));
        Quantity cpuLimit = limits.get("cpu");
        Quantity memory = limits.get("memory");
        return new ContainerSpec.Resources(cpu == null ? MIN_SHARES : shares(cpu.milliValue()),
                cpuLimit == null ? 0 : quota(cpuLimit.milliValue()), PERIOD_MICROS, memory == null ? 0 : memory.value(),
                OOM_SCORE);
    }

    private static long shares(long millis) {
        return Math.clamp(millis * 1024 / 1000, MIN_SHARES, MAX_SHARES);
    }

    private static long quota(long millis) {
        return millis == 0 ? 0 : Math.max(millis * PERIOD_MICROS / 1000, MIN_QUOTA);
    }
}
