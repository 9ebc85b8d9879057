package io.holdfast.reconciler;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.holdfast.pod.Container;
import io.holdfast.pod.PodSpec;
import io.holdfast.pod.Quantity;
import io.holdfast.status.PodStatus.QosClass;

/** The quality-of-service class of a pod, as Kubernetes documents it. */
final class Qos {

    private static final List<String> RESOURCES = List.of("cpu", "memory");

    private Qos() {
    }

    static QosClass of(PodSpec spec) {
        List<Container> all = Containers.all(spec);
        if (all.stream().allMatch(Qos::wantsNothing)) {
            return QosClass.BestEffort;
        }
        return all.stream().allMatch(Qos::limitedToItsRequests) ? QosClass.Guaranteed
                : QosClass.Burstable;
    }

    private static boolean wantsNothing(Container c) {
        return RESOURCES.stream().noneMatch(r -> some(c.resources().requests().get(r)) || some(c.resources().limits().get(r)));
    }

    /** A zero is as good as nothing. */
    private static boolean some(@Nullable Quantity quantity) {
        return quantity != null && quantity.amount().signum() > 0;
    }

    private static boolean limitedToItsRequests(Container c) {
        return RESOURCES.stream().allMatch(r -> {
            Quantity limit = c.resources().limits().get(r);
            return limit != null && some(limit)
                    && c.resources().requests().getOrDefault(r, limit).amount().compareTo(limit.amount()) == 0;
        });
    }
}
