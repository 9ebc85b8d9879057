package io.holdfast.status;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.holdfast.pod.PodName;
import io.holdfast.source.DesiredPod;

/**
 * Everything there is to show of one pod.
 *
 * @param desired null while a pod without a manifest is leaving, or is left alone because its source is absent
 * @param uid of the edition that the status is about
 * @param runtime the {@code runtime.name} it runs on, empty before one was chosen
 * @param leaving it is being stopped (its manifest is gone, or a new edition is to come)
 * @param events oldest first, bounded
 */
public record PodView(PodName name, String uid, @Nullable DesiredPod desired, String source, String runtime,
        boolean leaving, PodStatus status, List<PodEvent> events) {

    public PodView {
        events = List.copyOf(events);
    }
}
