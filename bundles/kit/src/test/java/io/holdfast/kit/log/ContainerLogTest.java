package io.holdfast.kit.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.holdfast.kit.log.ContainerLog.Place;
import io.holdfast.kit.log.PodLogs.Next;
import io.holdfast.pod.PodName;
import io.holdfast.status.PodStatus;
import io.holdfast.status.PodStatus.ContainerStatus;
import io.holdfast.status.PodStatus.Phase;
import io.holdfast.status.PodStatus.State;
import io.holdfast.status.PodStatuses;
import io.holdfast.status.PodView;

final class ContainerLogTest {

    private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");
    private static final State RUNNING = new State.Running(NOW);
    private static final State CREATING = new State.Waiting("ContainerCreating", "");
    private static final State CRASHED = new State.Waiting("CrashLoopBackOff", "back-off 10s");

    @Test // M7
    void the_log_of_what_runs_and_of_the_one_before_it_are_told_apart() {
        ContainerLog log = log(RUNNING, ended("first"), "second", "/logs/1.log");
        assertThat(log.place(false)).isEqualTo(new Place.Found(Path.of("/logs/1.log")));
        assertThat(log.place(true)).isEqualTo(new Place.Found(Path.of("/logs/0.log")));
    }

    @Test
    void what_waits_has_the_log_of_the_container_that_ended_last() {
        ContainerLog backsOff = log(CRASHED, ended("second"), "second", "/logs/1.log");
        assertThat(backsOff.place(false)).isEqualTo(new Place.Found(Path.of("/logs/1.log")));
        assertThat(backsOff.place(true)).isEqualTo(new Place.Found(Path.of("/logs/1.log")));
        ContainerLog created = log(CREATING, ended("first"), "second", "/logs/1.log");
        assertThat(created.place(false)).isEqualTo(new Place.Found(Path.of("/logs/0.log")));
    }

    @Test
    void what_never_ran_has_none() {
        assertThat(log(CREATING, null, "", null).place(false)).isEqualTo(new Place.NotStarted("ContainerCreating"));
        assertThat(log(RUNNING, null, "first", "/logs/1.log").place(true)).isEqualTo(new Place.NoPrevious());
        assertThat(ContainerLog.of(pod(Phase.Pending, log(CREATING, null, "", null).status()), "other")).isEmpty();
    }

    @Test
    void a_log_goes_on_with_the_next_container_until_the_pod_has_ended() {
        ContainerLog log = log(RUNNING, null, "first", "/logs/0.log");
        assertThat(log.next(null)).isEqualTo(new Next.Unknown());
        assertThat(log.next(statuses(pod(Phase.Pending, log(CREATING, null, "", null).status()))))
                .isEqualTo(new Next.Unknown());
        assertThat(log.next(statuses(pod(Phase.Running, log(RUNNING, null, "second", "/logs/1.log").status()))))
                .isEqualTo(new Next.File(Path.of("/logs/1.log"), false));
        assertThat(log.next(statuses(pod(Phase.Failed, log.status()))))
                .isEqualTo(new Next.File(Path.of("/logs/0.log"), true));
    }

    @Test
    void a_pod_that_is_not_known_is_gone_only_with_its_logs(@TempDir Path logs) {
        ContainerLog log = log(RUNNING, null, "first", logs.resolve("0.log").toString());
        assertThat(log.next(statuses())).isEqualTo(new Next.Unknown());
        assertThat(log(RUNNING, null, "first", logs.resolve("removed/0.log").toString()).next(statuses()))
                .isEqualTo(new Next.Gone());
    }

    private static State.Terminated ended(String container) {
        return new State.Terminated(1, "Error", "", NOW, NOW, container);
    }

    private static ContainerLog log(State state, State.@Nullable Terminated last, String container,
            @Nullable String path) {
        ContainerStatus status = new ContainerStatus("web", state, last, false, false, last == null ? 0 : 1, "busybox:1",
                "", container, path);
        return ContainerLog.of(pod(Phase.Running, status), "web").orElseThrow();
    }

    private static PodView pod(Phase phase, ContainerStatus status) {
        return new PodView(new PodName("default", "web"), "uid-1", null, "file~main", "cri", false,
                new PodStatus(phase, null, null, List.of(), "192.0.2.7", List.of(), NOW, PodStatus.QosClass.BestEffort,
                        List.of(), List.of(status)),
                List.of());
    }

    private static PodStatuses statuses(PodView... pods) {
        PodStatuses.Snapshot snapshot = new PodStatuses.Snapshot(1, List.of(pods));
        return new PodStatuses() {
            @Override
            public Snapshot current() {
                return snapshot;
            }

            @Override
            public Snapshot after(long version) {
                return snapshot;
            }
        };
    }
}
