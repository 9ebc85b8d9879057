package io.holdfast.shell;

import static io.holdfast.shell.Views.NOW;
import static io.holdfast.shell.Views.RUNNING;
import static io.holdfast.shell.Views.desired;
import static io.holdfast.shell.Views.podStatus;
import static io.holdfast.shell.Views.restarted;
import static io.holdfast.shell.Views.status;
import static io.holdfast.shell.Views.view;
import static io.holdfast.shell.Views.waiting;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import io.holdfast.pod.PodName;
import io.holdfast.source.Problem;
import io.holdfast.status.PodStatus.Phase;
import io.holdfast.status.PodView;

final class PodRenderingTest {

    private static final PodName WEB = new PodName("default", "web-node1");
    private static final Problem PROBLEM = new Problem("web.yaml", 12, 7, "spec.containers[0].image",
            "must not be empty", "the running pod default/web-node1 stays as it was", WEB, NOW.minusSeconds(60));

    @Test
    void the_list_is_aligned() {
        PodView web = view("web-node1", podStatus(Phase.Running, List.of(), status("web", RUNNING)));
        PodView db = view("database-node1", podStatus(Phase.Running, List.of(),
                restarted("db", waiting("CrashLoopBackOff"), 2, Duration.ofMinutes(3))));
        assertThat(PodTable.of(List.of(db, web), false, NOW)).isEqualTo("""
                NAMESPACE   NAME             READY   STATUS             RESTARTS     AGE
                default     database-node1   0/1     CrashLoopBackOff   2 (3m ago)   3m
                default     web-node1        1/1     Running            0            3m
                """);
        assertThat(PodTable.of(List.of(web), true, NOW)).isEqualTo("""
                NAMESPACE   NAME        READY   STATUS    RESTARTS   AGE   IP          NODE    SOURCE      RUNTIME
                default     web-node1   1/1     Running   0          3m    10.88.0.5   node1   file~main   cri
                """);
    }

    @Test
    void the_description_shows_everything() {
        PodView pod = view(WEB, desired("web-node1", "web.yaml is invalid", List.of(PROBLEM)), false,
                podStatus(Phase.Running, List.of(), restarted("web", RUNNING, 1, Duration.ofMinutes(4))));
        assertThat(PodDescription.of(pod, Map.of(), NOW)).isEqualTo("""
                Name:           web-node1
                Namespace:      default
                UID:            uid-1
                Node:           node1
                Start Time:     2026-05-01T11:57:00Z (3m ago)
                Labels:         app=web
                Annotations:    kubernetes.io/config.source=file
                Status:         Running (held)
                IP:             10.88.0.5
                QoS Class:      BestEffort
                Runtime:        cri
                Source:         file~main: web.yaml
                Held:           web.yaml is invalid
                Problems:       web.yaml:12:7 spec.containers[0].image: must not be empty; the running pod default/web-node1 stays as it was (60s ago)
                Containers:
                  web:
                    Container ID:    containerd://abcd
                    Image:           busybox:1
                    Image ID:        sha256:1234
                    Ports:           8080/TCP (http), on the host 80
                    Command:         httpd
                    Args:            -f
                    State:           Running
                                     Started: 2026-05-01T11:57:00Z (3m ago)
                    Last State:      Terminated
                                     Reason: Error
                                     Exit Code: 1
                                     Started: 2026-05-01T11:55:00Z (5m ago)
                                     Finished: 2026-05-01T11:56:00Z (4m ago)
                    Ready:           True
                    Restart Count:   1
                    Environment:     MODE: demo
                                     IP: (status.podIP)
                    Mounts:          /srv from data (ro)
                Conditions:
                  Type    Status   Since   Reason
                  Ready   True     2m55s
                Volumes:
                  data:           hostPath /srv/data (Directory)
                Events:
                  Type     Reason    Age                   Message
                  Normal   Started   2m50s (x3 over 10m)   Started container web
                """);
    }

    @Test
    void a_pod_without_a_manifest_can_be_described() {
        PodView pod = view(WEB, null, true, podStatus(Phase.Running, List.of(), status("web", RUNNING)));
        assertThat(PodDescription.of(pod, Map.of(), NOW)).contains("Status:         Terminating\n",
                "Source:         file~main (no manifest; the pod is leaving)\n", "    Ready:           True\n");
    }

    @Test
    void json_is_the_pod_as_kubernetes_has_it_and_what_holdfast_knows() {
        PodView pod = view(WEB, desired("web-node1", "web.yaml is invalid", List.of(PROBLEM)), false,
                podStatus(Phase.Running, List.of(), restarted("web", RUNNING, 1, Duration.ofMinutes(4))));
        assertThat(PodJson.one(pod)).startsWith("""
                {
                    "apiVersion": "v1",
                    "kind": "Pod",
                    "metadata": {
                        "name": "web-node1",
                        "namespace": "default"
                    },
                """).contains("\"phase\": \"Running\"", "\"podIP\": \"10.88.0.5\"", "\"restartCount\": 1",
                "\"running\": {\n                        \"startedAt\": \"2026-05-01T11:57:00Z\"", "\"exitCode\": 1",
                "\"held\": \"web.yaml is invalid\"", "\"line\": 12", "\"reason\": \"Started\"");
        assertThat(PodJson.list(List.of())).isEqualTo("""
                {
                    "apiVersion": "v1",
                    "kind": "PodList",
                    "items": []
                }
                """);
    }
}
