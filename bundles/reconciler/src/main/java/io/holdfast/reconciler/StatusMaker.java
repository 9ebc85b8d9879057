package io.holdfast.reconciler;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import io.holdfast.pod.PodSpec;
import io.holdfast.pod.PodSpec.RestartPolicy;
import io.holdfast.runtime.ObservedPod.Sandbox;
import io.holdfast.source.DesiredPod;
import io.holdfast.status.PodStatus;
import io.holdfast.status.PodStatus.ContainerStatus;
import io.holdfast.status.PodStatus.Phase;

/**
 * Makes a pod's status from what is wanted and what was seen (behaviours L1, L2); no I/O, no clock.
 *
 * @param engine such as {@code containerd}, for container ids
 * @param gates what was said of the conditions that its readiness waits for
 */
record StatusMaker(String nodeIp, String engine, Backoff restarts, Map<String, Gates.Said> gates) {

    PodStatus status(DesiredPod desired, Edition edition, Troubles troubles, @Nullable PodStatus before, Instant now) {
        PodSpec spec = desired.pod().spec();
        ContainerStatuses statuses = new ContainerStatuses(engine, restarts, edition, now);
        List<ContainerStatus> init = statuses.init(desired, troubles);
        List<ContainerStatus> main = statuses.main(desired, troubles);
        boolean late = Deadline.of(desired).isOver(edition, now);
        Phase phase = late ? Phase.Failed : Phases.of(spec, init, main);
        Optional<Trouble> trouble = troubles.of(Troubles.POD);
        List<String> ips = spec.hostNetwork() ? List.of(nodeIp) : edition.newest().map(Sandbox::ips).orElse(List.of());
        String reason = late ? Deadline.REASON : desired.unfit() != null ? "NodeAffinity"
                : trouble.map(Trouble::reason).orElse(null);
        String message = late ? Deadline.MESSAGE : desired.unfit() != null ? desired.unfit()
                : trouble.map(Trouble::message).orElse(null);
        return new PodStatus(phase, reason, message,
                new Conditions(before, now, gates, desired.unfit()).of(spec, phase, isReady(edition), init, main), nodeIp, ips, desired.seen(),
                Qos.of(spec), init, main);
    }

    /** For a pod without a manifest: all there is to say is what the runtime says. */
    PodStatus status(Edition edition, @Nullable PodStatus before, Instant now) {
        ContainerStatuses statuses = new ContainerStatuses(engine, restarts, edition, now);
        List<ContainerStatus> main = statuses.observed(false);
        Phase phase = Phases.of(main, RestartPolicy.Always);
        return new PodStatus(phase, null, null, new Conditions(before, now, gates, null).of(phase, isReady(edition), main), nodeIp,
                edition.newest().map(Sandbox::ips).orElse(List.of()),
                edition.newest().map(Sandbox::createdAt).orElse(now), PodStatus.QosClass.BestEffort,
                statuses.observed(true), main);
    }

    private static boolean isReady(Edition edition) {
        return edition.newest().filter(Sandbox::ready).isPresent();
    }
}
