package io.holdfast.shell;

import static io.holdfast.shell.Views.NOW;
import static io.holdfast.shell.Views.RUNNING;
import static io.holdfast.shell.Views.container;
import static io.holdfast.shell.Views.desired;
import static io.holdfast.shell.Views.exited;
import static io.holdfast.shell.Views.podStatus;
import static io.holdfast.shell.Views.restarted;
import static io.holdfast.shell.Views.status;
import static io.holdfast.shell.Views.view;
import static io.holdfast.shell.Views.waiting;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;

import io.holdfast.pod.PodName;
import io.holdfast.pod.PodSpec.RestartPolicy;
import io.holdfast.source.DesiredPod;
import io.holdfast.status.PodStatus;
import io.holdfast.status.PodStatus.ContainerStatus;
import io.holdfast.status.PodStatus.Phase;
import io.holdfast.status.PodView;

final class PodSummaryTest {

    private static final Duration AGO = Duration.ofSeconds(40);

    @Test
    void a_pod_that_runs() {
        assertThat(summary(Phase.Running, status("web", RUNNING))).isEqualTo(new PodSummary("1/1", "Running", "0"));
    }

    @Test // C4
    void a_pod_that_crashes_says_how_often_and_when() {
        assertThat(summary(Phase.Running, restarted("web", waiting("CrashLoopBackOff"), 4, AGO)))
                .isEqualTo(new PodSummary("0/1", "CrashLoopBackOff", "4 (40s ago)"));
    }

    @Test // C9
    void a_pod_without_its_image() {
        assertThat(summary(Phase.Pending, status("web", waiting("ErrImagePull"))).status()).isEqualTo("ErrImagePull");
    }

    @Test
    void a_pod_that_has_ended() {
        assertThat(summary(Phase.Succeeded, status("web", exited(0, "Completed", AGO))).status())
                .isEqualTo("Completed");
        assertThat(summary(Phase.Failed, status("web", exited(1, "Error", AGO))).status()).isEqualTo("Error");
        assertThat(summary(Phase.Failed, status("web", exited(7, "", AGO))).status()).isEqualTo("ExitCode:7");
    }

    @Test
    void a_pod_of_which_one_container_has_completed_and_one_runs() {
        assertThat(summary(Phase.Running, status("job", exited(0, "Completed", AGO)), status("web", RUNNING)))
                .isEqualTo(new PodSummary("1/2", "Running", "0"));
    }

    @Test // C5
    void a_pod_that_initialises() {
        PodStatus running = podStatus(Phase.Pending, List.of(status("a", exited(0, "Completed", AGO)),
                status("b", RUNNING)), status("web", waiting("PodInitializing")));
        assertThat(PodSummary.of(view("web-node1", running), NOW).status()).isEqualTo("Init:1/2");
        PodStatus failing = podStatus(Phase.Pending, List.of(status("a", waiting("CrashLoopBackOff"))),
                status("web", waiting("PodInitializing")));
        assertThat(PodSummary.of(view("web-node1", failing), NOW).status()).isEqualTo("Init:CrashLoopBackOff");
    }

    @Test // C6
    void a_sidecar_counts_as_a_container() {
        DesiredPod desired = desired("web-node1", null, List.of(), container("proxy", RestartPolicy.Always));
        PodView pod = view(new PodName("default", "web-node1"), desired, false,
                podStatus(Phase.Running, List.of(status("proxy", RUNNING)), status("web", RUNNING)));
        assertThat(PodSummary.of(pod, NOW)).isEqualTo(new PodSummary("2/2", "Running", "0"));
    }

    @Test // C6
    void a_sidecar_that_was_ended_by_force_after_a_job_is_no_trouble() {
        DesiredPod desired = desired("job-node1", null, List.of(), container("proxy", RestartPolicy.Always));
        PodView pod = view(new PodName("default", "job-node1"), desired, false, podStatus(Phase.Succeeded,
                List.of(status("proxy", exited(137, "Error", AGO))), status("job", exited(0, "Completed", AGO))));
        assertThat(PodSummary.of(pod, NOW)).isEqualTo(new PodSummary("0/2", "Completed", "0"));
    }

    @Test
    void a_pod_that_leaves() {
        PodView pod = view(new PodName("default", "web-node1"), null, true,
                podStatus(Phase.Running, List.of(), status("web", RUNNING)));
        assertThat(PodSummary.of(pod, NOW).status()).isEqualTo("Terminating");
    }

    @Test
    void a_pod_that_is_held_says_so() {
        PodView pod = view(new PodName("default", "web-node1"), desired("web-node1", "source absent", List.of()),
                false, podStatus(Phase.Running, List.of(), status("web", RUNNING)));
        assertThat(PodSummary.of(pod, NOW).status()).isEqualTo("Running (held)");
    }

    private static PodSummary summary(Phase phase, ContainerStatus... containers) {
        return PodSummary.of(view("web-node1", podStatus(phase, List.of(), containers)), NOW);
    }
}
