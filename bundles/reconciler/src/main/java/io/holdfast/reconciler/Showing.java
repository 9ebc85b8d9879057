package io.holdfast.reconciler;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import io.holdfast.pod.PodName;
import io.holdfast.runtime.Names;
import io.holdfast.runtime.ObservedPod.Sandbox;
import io.holdfast.source.DesiredPod;
import io.holdfast.source.Problem;
import io.holdfast.status.PodStatus;
import io.holdfast.status.PodView;

/** What a worker shows of its pod on the board. Owned by the worker. */
final class Showing {

    /** What was last seen, and where. */
    record Look(List<Sandbox> sandboxes, Vitals vitals, String runtime, String idScheme) {

        static final Look NONE = new Look(List.of(), Vitals.NONE, "", "");

        Look with(Vitals found) {
            return new Look(sandboxes, found, runtime, idScheme);
        }
    }

    private final PodName name;
    private final Kit kit;
    private final EventLog events;
    private final Map<String, Integer> backoffsTold = new HashMap<>();
    private List<Problem> problemsTold = List.of();
    private boolean deadlineTold;
    private @Nullable PodStatus status;

    Showing(PodName name, Kit kit, EventLog events) {
        this.name = name;
        this.kit = kit;
        this.events = events;
    }

    /** Another edition: nothing that was said holds for it. */
    void begin() {
        backoffsTold.clear();
        deadlineTold = false;
        status = null;
    }

    void problems(List<Problem> problems) {
        problems.stream().filter(p -> !problemsTold.contains(p))
                .forEach(p -> events.warning(kit.now(), "InvalidManifest", p.text()));
        problemsTold = problems;
    }

    void show(@Nullable DesiredPod desired, Look look, Troubles troubles, Goal goal) {
        List<Sandbox> sandboxes = look.sandboxes();
        if (desired == null && sandboxes.isEmpty()) {
            kit.board().remove(name); // unwanted and never seen: there is nothing to say
            return;
        }
        String uid = desired != null ? desired.uid() : sandboxes.getFirst().uid();
        String source = desired != null ? desired.source()
                : sandboxes.getFirst().annotations().getOrDefault(Names.SOURCE, "");
        StatusMaker maker = new StatusMaker(kit.node().ip(), look.idScheme(), kit.settings().backoff(),
                desired == null ? Map.of() : gates(desired));
        Edition edition = Edition.of(uid, sandboxes, look.vitals());
        status = desired != null ? maker.status(desired, edition, troubles, status, kit.now())
                : maker.status(edition, status, kit.now());
        if (Deadline.REASON.equals(status.reason()) && !deadlineTold) {
            events.normal(kit.now(), Deadline.REASON, Deadline.MESSAGE);
            deadlineTold = true;
        }
        status.initContainerStatuses().forEach(this::backoff);
        status.containerStatuses().forEach(this::backoff);
        boolean leaves = switch (goal) {
            case Goal.Hold _ -> false;
            case Goal.Leave _ -> !sandboxes.isEmpty(); // else nothing of it is there that could go
            case Goal.Run _ -> sandboxes.stream().anyMatch(s -> Edition.alive(s) && !s.uid().equals(uid)); // the old one
        };
        kit.board().put(new PodView(name, uid, desired, source, look.runtime(), leaves, status,
                events.events()));
    }

    private Map<String, Gates.Said> gates(DesiredPod desired) {
        try {
            return Gates.of(desired.pod().spec(), PodDirectory.of(kit.node(), name, desired.uid()));
        } catch (IOException e) {
            events.warning(kit.now(), "FailedReadinessGates", "cannot read what was said of its readiness gates: " + e.getMessage());
            return Map.of();
        }
    }

    /** Shown as having ended for good. */
    boolean ended() {
        return status != null && switch (status.phase()) {
            case Succeeded, Failed -> true;
            case Pending, Running, Unknown -> false;
        };
    }

    private void backoff(PodStatus.ContainerStatus container) {
        if (container.state() instanceof PodStatus.State.Waiting(String reason, String message)
                && reason.equals("CrashLoopBackOff")
                && !Objects.equals(backoffsTold.put(container.name(), container.restartCount()), container.restartCount())) {
            events.warning(kit.now(), "BackOff", message);
        }
    }
}
