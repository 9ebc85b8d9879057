package io.holdfast.mirror;

import static io.holdfast.mirror.Pods.leaves;
import static io.holdfast.mirror.Pods.path;
import static io.holdfast.mirror.Pods.runs;
import static io.holdfast.mirror.Pods.starts;
import static io.holdfast.mirror.Pods.view;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.holdfast.status.PodView;
import io.holdfast.status.Publication;

final class MirroringTest {

    private final Lab lab = new Lab();
    private final FakeApiServer server = lab.server;

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void a_pod_is_shown_with_its_labels_owner_and_status() throws InterruptedException {
        lab.show(runs("web", "v1"));
        lab.start();
        lab.awaitPhase("web", "Running");
        ObjectNode mirror = server.object(path("web")).orElseThrow(); // M1
        assertThat(mirror.at("/metadata/labels/app").asText()).isEqualTo("static");
        assertThat(mirror.at("/metadata/annotations/user~1anno").asText()).isEqualTo("x");
        assertThat(mirror.at("/metadata/annotations/kubernetes.io~1config.mirror").asText()).isEqualTo("v1");
        assertThat(mirror.at("/metadata/annotations/kubernetes.io~1config.hash").asText()).isEqualTo("v1");
        assertThat(mirror.at("/metadata/ownerReferences")).hasSize(1);
        assertThat(mirror.at("/metadata/ownerReferences/0").toString()).isEqualTo("""
                {"apiVersion":"v1","kind":"Node","name":"edge-7.example","uid":"%s","controller":true}"""
                .formatted(server.object("/api/v1/nodes/" + Pods.NODE).orElseThrow().at("/metadata/uid").asText()));
        assertThat(mirror.at("/status/podIPs/0/ip").asText()).isEqualTo("10.1.0.2");
        assertThat(mirror.at("/status/containerStatuses/0").toString()).isEqualTo("""
                {"name":"c","state":{"running":{"startedAt":"2026-11-22T09:00:00Z"}},"lastState":{},"ready":true,\
                "started":true,"restartCount":0,"image":"busybox:1","imageID":"","containerID":"containerd://c0"}""");
    }

    @Test
    void a_mirror_that_is_deleted_is_back_within_a_second() throws InterruptedException {
        lab.show(runs("web", "v1"));
        lab.start();
        String first = lab.awaitMirror("web");
        long began = System.nanoTime();
        server.deleteGracefully(path("web")); // M4
        String second = lab.awaitMirror("web", first);
        lab.awaitPhase("web", "Running");
        server.remove(path("web")); // by force
        lab.awaitMirror("web", second);
        lab.awaitPhase("web", "Running");
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void an_edited_pod_gets_another_mirror() throws InterruptedException {
        lab.show(runs("web", "v1"));
        lab.start();
        String first = lab.awaitMirror("web");
        lab.show(starts("web", "v2"));
        lab.awaitMirror("web", first); // M3
        assertThat(lab.at("web", "/metadata/annotations/kubernetes.io~1config.mirror")).isEqualTo("v2");
    }

    @Test
    void a_mirror_goes_when_its_pod_is_gone_and_not_before() throws InterruptedException {
        lab.show(runs("web", "v1"));
        lab.start();
        lab.awaitPhase("web", "Running");
        lab.show(leaves("web"), runs("other", "v1"));
        lab.awaitPhase("other", "Running");
        assertThat(lab.uid("web")).isPresent(); // M5
        lab.remove("web");
        lab.await("the mirror is gone", () -> lab.uid("web").isEmpty());
    }

    @Test
    void a_mirror_from_before_a_restart_goes_once_all_pods_are_known() throws InterruptedException {
        lab.show(runs("orphan", "v1"), runs("web", "v1"));
        lab.start();
        String web = lab.awaitMirror("web");
        String orphan = lab.awaitMirror("orphan");
        lab.stop();
        lab.remove("orphan");
        lab.remove("web");
        lab.notComplete(); // as in an agent that has just started
        lab.start();
        lab.show(runs("late", "v1"));
        lab.awaitMirror("late");
        assertThat(List.of(lab.uid("web"), lab.uid("orphan")))
                .containsExactly(Optional.of(web), Optional.of(orphan));
        lab.show(runs("web", "v1"));
        lab.complete();
        lab.await("the orphan is gone", () -> lab.uid("orphan").isEmpty());
        assertThat(lab.uid("web")).contains(web);
    }

    @Test
    void stopping_and_starting_it_changes_nothing() throws InterruptedException {
        lab.show(runs("web", "v1"));
        lab.start();
        String uid = lab.awaitMirror("web");
        lab.awaitPhase("web", "Running");
        lab.stop();
        long requests = changes();
        lab.start();
        lab.show(runs("other", "v1"));
        lab.awaitPhase("other", "Running");
        assertThat(lab.uid("web")).contains(uid);
        assertThat(changes()).isEqualTo(requests + 2); // of the other one
    }

    @Test
    void somebody_elses_pod_is_left_alone_and_said() throws InterruptedException {
        ObjectNode foreign = JsonNodeFactory.instance.objectNode();
        foreign.putObject("metadata").put("name", Pods.name("web").name()).put("namespace", "default").put("uid", "u");
        foreign.putObject("spec").put("nodeName", Pods.NODE);
        server.put(path("web"), foreign);
        lab.show(runs("web", "v1"));
        lab.start();
        assertThat(lab.awaitRefusal("web").reason())
                .isEqualTo("the API server has a pod default/web-edge-7.example on this node that is no mirror "
                        + "(kubernetes.io/config.mirror is missing); it is left alone, delete or rename one of the two");
        assertThat(changes()).isZero();
        server.remove(path("web"));
        lab.awaitMirror("web", "u");
        lab.await("all is well", () -> lab.state().refused().isEmpty());
    }

    @Test
    void a_pod_of_that_name_on_another_node_is_left_alone_and_said() throws InterruptedException {
        ObjectNode foreign = JsonNodeFactory.instance.objectNode();
        foreign.putObject("metadata").put("name", Pods.name("web").name()).put("namespace", "default").put("uid", "u");
        foreign.putObject("spec").put("nodeName", "edge-8");
        server.put(path("web"), foreign);
        lab.show(runs("web", "v1"));
        lab.start();
        assertThat(lab.awaitRefusal("web").reason())
                .isEqualTo("the API server has a pod default/web-edge-7.example on node edge-8; "
                        + "it is left alone, delete or rename one of the two");
    }

    @Test
    void a_refusal_is_shown_and_tried_again() throws InterruptedException {
        server.refuse(r -> r.verb().equals("create") && r.path().endsWith("/pods")
                ? Optional.of(FakeApiServer.refused(404, "NotFound", "namespaces \"default\" not found"))
                : Optional.empty());
        lab.show(runs("web", "v1"));
        lab.start();
        assertThat(lab.awaitRefusal("web").reason()) // M8
                .isEqualTo("namespaces \"default\" not found");
        lab.await("it is tried again",
                () -> lab.state().refused().values().stream().allMatch(r -> r.attempts() >= 2));
        server.refuse(_ -> Optional.empty());
        lab.awaitPhase("web", "Running");
        lab.await("all is well", () -> lab.state().refused().isEmpty() && lab.state().published() == 1);
    }

    @Test
    void a_server_that_asks_for_a_pause_gets_it() throws InterruptedException {
        server.refuse(r -> r.verb().equals("create") && r.path().endsWith("/pods")
                ? Optional.of(FakeApiServer.tooMany(Duration.ofMinutes(2)))
                : Optional.empty());
        lab.show(runs("web", "v1"));
        lab.start();
        Publication.Refusal refusal = lab.awaitRefusal("web");
        assertThat(Duration.between(refusal.since(), refusal.next())).isCloseTo(Duration.ofMinutes(2),
                Duration.ofSeconds(1));
    }

    @Test
    void a_status_that_somebody_changes_is_put_right() throws InterruptedException {
        lab.show(runs("web", "v1"));
        lab.start();
        lab.awaitPhase("web", "Running");
        server.change(path("web"), pod -> {
            pod.withObject("/status").put("phase", "Failed").put("reason", "Evicted");
            pod.withObject("/status").withArrayProperty("conditions").addObject().put("type", "example.com/Seen")
                    .put("status", "True");
            return pod;
        });
        lab.awaitPhase("web", "Running"); // M6
        lab.await("the reason is gone", () -> lab.at("web", "/status/reason").isEmpty());
        assertThat(lab.at("web", "/status/conditions/1/type")).isEqualTo("example.com/Seen");
    }

    @Test
    void a_status_is_written_once_a_second_at_most() throws InterruptedException {
        lab.show(runs("web", "v1"));
        lab.start();
        lab.awaitPhase("web", "Running");
        long before = server.requests("patch", "/pods/");
        long began = System.nanoTime();
        for (int restarts = 1; restarts <= 40; restarts++) {
            lab.show(view("web", Pods.desired("web", "v1"), Pods.running(restarts)));
            Thread.sleep(25);
        }
        lab.await("the last one is there",
                () -> lab.at("web", "/status/containerStatuses/0/restartCount").equals("40"));
        long seconds = Duration.ofNanos(System.nanoTime() - began).toSeconds();
        assertThat(server.requests("patch", "/pods/") - before).isLessThanOrEqualTo(seconds + 2);
    }

    @Test
    void an_outage_is_survived_and_made_up_for() throws InterruptedException {
        lab.show(runs("web", "v1"), runs("gone", "v1"));
        lab.start();
        String uid = lab.awaitMirror("web");
        lab.awaitPhase("gone", "Running");
        server.goDown();
        lab.await("it is said", () -> lab.state().failure() != null);
        lab.remove("gone");
        lab.show(runs("new", "v1"), view("web", Pods.desired("web", "v1"), Pods.running(3)));
        server.comeBack(); // M9
        lab.awaitPhase("new", "Running");
        lab.await("all is caught up", () -> lab.uid("gone").isEmpty()
                && lab.at("web", "/status/containerStatuses/0/restartCount").equals("3"));
        assertThat(lab.uid("web")).contains(uid);
        lab.await("it is said that all is well", () -> lab.state().failure() == null);
    }

    @Test
    void a_watch_goes_on_where_it_was_and_lists_only_when_it_must() throws InterruptedException {
        lab.show(runs("web", "v1"));
        lab.start();
        String first = lab.awaitMirror("web");
        server.cutWatches();
        server.remove(path("web"));
        String second = lab.awaitMirror("web", first);
        assertThat(server.requests("get", "/api/v1/pods?")).isEqualTo(1);
        server.remove(path("web"));
        server.forgetHistory();
        lab.awaitMirror("web", second);
        lab.await("they were listed again", () -> server.requests("get", "/api/v1/pods?") >= 2);
    }

    @Test
    void two_hundred_pods_take_three_requests_each_at_most() throws InterruptedException {
        List<PodView> all = new ArrayList<>();
        for (int n = 0; n < 200; n++) {
            all.add(starts("pod" + n, "v1"));
        }
        lab.show(all.toArray(PodView[]::new));
        lab.start();
        lab.await("all are there", () -> server.objects("/pods/").count() == 200);
        all.replaceAll(pod -> view(pod.name().name().replace("-" + Pods.NODE, ""), pod.desired(), Pods.running(0)));
        lab.show(all.toArray(PodView[]::new));
        lab.await("all run", () -> server.objects("/pods/")
                .allMatch(pod -> pod.at("/status/phase").asText().equals("Running")));
        assertThat(changes()).isLessThanOrEqualTo(600);
        assertThat(server.requests("create", "/pods")).isEqualTo(200);
    }

    @Test
    void a_server_that_does_not_know_its_pods_yet_is_asked_again() throws InterruptedException {
        lab.show(runs("web", "v1"), runs("gone", "v1"));
        lab.start();
        lab.awaitMirror("web");
        lab.awaitPhase("gone", "Running");
        server.refuse(r -> r.verb().equals("delete")
                ? Optional.of(FakeApiServer.refused(404, "NotFound", "pod \"gone\" not found"))
                : Optional.empty());
        lab.remove("gone");
        lab.await("it was tried", () -> server.requests("delete", "/pods/") > 0);
        server.refuse(_ -> Optional.empty());
        lab.await("it is gone", () -> lab.uid("gone").isEmpty());
    }

    @Test
    void a_new_node_object_gets_new_mirrors() throws InterruptedException {
        lab.show(runs("web", "v1"));
        lab.start(new Settings(true, Map.of(), List.of(), Duration.ofSeconds(8)));
        String first = lab.awaitMirror("web");
        server.remove("/api/v1/nodes/" + Pods.NODE);
        lab.awaitMirror("web", first);
        assertThat(lab.at("web", "/metadata/ownerReferences/0/uid"))
                .isEqualTo(server.object("/api/v1/nodes/" + Pods.NODE).orElseThrow().at("/metadata/uid").asText());
    }

    private long changes() {
        return server.requests("create", "/pods") + server.requests("patch", "/pods/")
                + server.requests("delete", "/pods/");
    }
}
