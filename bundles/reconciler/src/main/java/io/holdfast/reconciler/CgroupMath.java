package io.holdfast.reconciler;

import java.util.function.Predicate;
import java.util.function.ToLongFunction;

import io.holdfast.pod.Container;
import io.holdfast.pod.PodSpec;
import io.holdfast.pod.Quantity;
import io.holdfast.runtime.ContainerSpec;

/** Requests and limits as the numbers a cgroup takes (behaviour G6). */
final class CgroupMath {

    static final int PERIOD_MICROS = 100_000;
    static final int MIN_SHARES = 2;
    static final int MAX_SHARES = 262_144;
    private static final int MIN_QUOTA = 1000; // the kernel takes no less
    private static final int SPARED = -997;
    private static final int FIRST_TO_END = 1000;
    private static final String NODE_CRITICAL = "system-node-critical";

    private CgroupMath() {
    }

    /** @param memory of the node, in bytes */
    static ContainerSpec.Resources of(PodSpec pod, Container container, long memory) {
        return new ContainerSpec.Resources(shares(request(container, "cpu")), quota(limit(container, "cpu")), PERIOD_MICROS,
                limit(container, "memory"), oomScore(pod, container, memory));
    }

    /** A limit holds for the pod when each container has one: else the pod may take what is there. */
    static PodLimits of(PodSpec pod) {
        return new PodLimits(shares(total(pod, c -> request(c, "cpu"))),
                all(pod, c -> limit(c, "cpu") > 0) ? quota(total(pod, c -> limit(c, "cpu"))) : 0,
                all(pod, c -> limit(c, "memory") > 0) ? total(pod, c -> limit(c, "memory")) : 0);
    }

    private static boolean all(PodSpec pod, Predicate<Container> have) {
        return Containers.all(pod).stream().allMatch(have);
    }

    /** Init containers run one after another, each beside the sidecars before it. */
    private static long total(PodSpec pod, ToLongFunction<Container> amount) {
        long most = 0;
        long sidecars = 0;
        for (Container init : pod.initContainers()) {
            long own = amount.applyAsLong(init);
            most = Math.max(most, sidecars + own);
            sidecars += Containers.isSidecar(init) ? own : 0;
        }
        return Math.max(most, sidecars + pod.containers().stream().mapToLong(amount).sum());
    }

    /** In thousandths of a core, or bytes. */
    private static long request(Container container, String resource) {
        Quantity request = container.resources().requests().get(resource);
        return request == null ? limit(container, resource) : amount(resource, request);
    }

    private static long limit(Container container, String resource) {
        Quantity limit = container.resources().limits().get(resource);
        return limit == null ? 0 : amount(resource, limit);
    }

    private static long amount(String resource, Quantity quantity) {
        return resource.equals("cpu") ? quantity.milliValue() : quantity.value();
    }

    static long shares(long millis) {
        return Math.clamp(millis * 1024 / 1000, MIN_SHARES, MAX_SHARES);
    }

    private static long quota(long millis) {
        return millis == 0 ? 0 : Math.max(millis * PERIOD_MICROS / 1000, MIN_QUOTA);
    }

    /** The kubelet's: who asks for more of the node's memory is ended later. */
    private static int oomScore(PodSpec pod, Container container, long memory) {
        if (NODE_CRITICAL.equals(pod.priorityClassName())) {
            return SPARED;
        }
        return switch (Qos.of(pod)) {
            case Guaranteed -> SPARED;
            case BestEffort -> FIRST_TO_END;
            case Burstable -> Math.clamp(FIRST_TO_END - FIRST_TO_END * request(container, "memory") / memory,
                    FIRST_TO_END + SPARED, FIRST_TO_END - 1);
        };
    }
}
