package io.holdfast.kit.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.Test;

import io.holdfast.status.PodStatus;
import io.holdfast.status.PodStatus.Condition;
import io.holdfast.status.PodStatus.ContainerStatus;
import io.holdfast.status.PodStatus.Phase;
import io.holdfast.status.PodStatus.QosClass;
import io.holdfast.status.PodStatus.State;

final class PodStatusJsonTest {

    private static final Instant NOW = Instant.parse("2026-05-01T12:00:00.987Z");

    @Test // L1, M6
    void a_status_has_the_fields_that_the_kubelet_writes() {
        State crashed = new State.Waiting("CrashLoopBackOff", "back-off 10s");
        State.Terminated last = new State.Terminated(3, "Error", "", NOW.minusSeconds(9), NOW, "containerd://0ld");
        assertThat(PodStatusJson.text(new PodStatus(Phase.Running, null, null,
                List.of(new Condition("Ready", false, "ContainersNotReady", null, NOW)), "192.0.2.7",
                List.of("10.88.0.5"), NOW, QosClass.BestEffort, List.of(),
                List.of(new ContainerStatus("web", crashed, last, false, false, 1, "busybox:1", "sha256:1234",
                        "containerd://0ld", "/var/log/pods/x/web/1.log")))))
                .isEqualTo("""
                        {
                            "phase": "Running",
                            "conditions": [
                                {
                                    "type": "Ready",
                                    "status": "False",
                                    "reason": "ContainersNotReady",
                                    "lastTransitionTime": "2026-05-01T12:00:00Z"
                                }
                            ],
                            "hostIP": "192.0.2.7",
                            "podIP": "10.88.0.5",
                            "podIPs": [
                                {
                                    "ip": "10.88.0.5"
                                }
                            ],
                            "startTime": "2026-05-01T12:00:00Z",
                            "qosClass": "BestEffort",
                            "containerStatuses": [
                                {
                                    "name": "web",
                                    "state": {
                                        "waiting": {
                                            "reason": "CrashLoopBackOff",
                                            "message": "back-off 10s"
                                        }
                                    },
                                    "lastState": {
                                        "terminated": {
                                            "exitCode": 3,
                                            "reason": "Error",
                                            "startedAt": "2026-05-01T11:59:51Z",
                                            "finishedAt": "2026-05-01T12:00:00Z",
                                            "containerID": "containerd://0ld"
                                        }
                                    },
                                    "ready": false,
                                    "started": false,
                                    "restartCount": 1,
                                    "image": "busybox:1",
                                    "imageID": "sha256:1234",
                                    "containerID": "containerd://0ld"
                                }
                            ]
                        }
                        """);
    }

    @Test // L1
    void what_is_not_there_yet_is_left_out_but_for_what_kubernetes_requires() {
        assertThat(PodStatusJson.text(new PodStatus(Phase.Pending, null, null, List.of(), "192.0.2.7", List.of(), NOW,
                QosClass.BestEffort, List.of(new ContainerStatus("first", new State.Waiting("ContainerCreating", ""), null,
                        false, false, 0, "busybox:1", "", "", null)),
                List.of())))
                .contains("initContainerStatuses", "\"lastState\": {}", "\"imageID\": \"\"")
                .doesNotContain("podIP", "\"containerStatuses\"", "containerID", "\"message\"", "running");
    }
}
