package io.holdfast.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Behaviour M2. */
final class NodeKeeperTest {

    private static final String NODE = "/api/v1/nodes/" + Pods.NODE;
    private static final String LEASE = Paths.lease(Pods.NODE);

    private final Lab lab = new Lab();
    private final FakeApiServer server = lab.server;

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void a_node_is_registered_and_described() throws InterruptedException {
        lab.start(new Settings(true, Map.of("example.com/rack", "r7"), Lab.SETTINGS.taints(), Duration.ofSeconds(40)));
        ObjectNode node = awaitDescription();
        assertThat(node.at("/metadata/labels/kubernetes.io~1hostname").asText()).isEqualTo(Pods.NODE);
        assertThat(node.at("/metadata/labels/kubernetes.io~1os").asText()).isEqualTo("linux");
        assertThat(node.at("/metadata/labels/example.com~1rack").asText()).isEqualTo("r7");
        assertThat(node.at("/spec/taints").toString())
                .isEqualTo("[{\"key\":\"holdfast.io/static-only\",\"value\":\"\",\"effect\":\"NoSchedule\"}]");
        assertThat(node.at("/status/addresses/0/address").asText()).isEqualTo("192.0.2.7");
        assertThat(node.at("/status/capacity/cpu").asInt()).isPositive();
        assertThat(node.at("/status/capacity/memory").asText()).matches("[1-9]\\d*Ki");
        assertThat(node.at("/status/nodeInfo/containerRuntimeVersion").asText()).isEqualTo("containerd://1.6.20");
        assertThat(node.at("/status/nodeInfo/kernelVersion").asText()).isNotEmpty();
        assertThat(node.at("/status/daemonEndpoints/kubeletEndpoint/Port").asInt()).isEqualTo(10250);
        assertThat(condition(node, "Ready").path("status").asText()).isEqualTo("True");
        assertThat(condition(node, "MemoryPressure").path("lastHeartbeatTime").asText()).endsWith("Z");
    }

    @Test
    void its_lease_is_held_and_renewed() throws InterruptedException {
        lab.start(new Settings(true, Map.of(), List.of(), Duration.ofSeconds(8)));
        lab.await("there is a Lease", () -> server.object(LEASE).isPresent());
        ObjectNode lease = server.object(LEASE).orElseThrow();
        assertThat(lease.at("/spec/holderIdentity").asText()).isEqualTo(Pods.NODE);
        assertThat(lease.at("/spec/leaseDurationSeconds").asInt()).isEqualTo(8);
        assertThat(lease.at("/spec/renewTime").asText()).matches("....-..-..T..:..:..\\.\\d{6}Z");
        assertThat(lease.at("/metadata/ownerReferences/0/uid").asText())
                .isEqualTo(server.object(NODE).orElseThrow().at("/metadata/uid").asText());
        lab.await("it is renewed", () -> !server.object(LEASE).orElseThrow().at("/spec/renewTime")
                .equals(lease.at("/spec/renewTime")));
        assertThat(server.requests("create", Paths.LEASES)).isEqualTo(1);
    }

    @Test
    void an_existing_node_is_adopted_and_what_others_set_stays() throws InterruptedException {
        ObjectNode there = JsonNodeFactory.instance.objectNode();
        there.putObject("metadata").put("name", Pods.NODE).put("uid", "theirs").putObject("labels")
                .put("theirs", "x").put("kubernetes.io/os", "plan9");
        there.withObject("/metadata").putObject("annotations").put("theirs", "y");
        there.putObject("spec").put("podCIDR", "10.88.0.0/24").putArray("taints").addObject().put("key", "theirs")
                .put("effect", "NoExecute");
        there.putObject("status").putArray("conditions").addObject().put("type", "NetworkUnavailable")
                .put("status", "False");
        server.put(NODE, there);
        lab.start();
        ObjectNode node = awaitDescription();
        assertThat(node.at("/metadata/uid").asText()).isEqualTo("theirs");
        assertThat(node.at("/metadata/labels/theirs").asText()).isEqualTo("x");
        lab.await("its labels are right", () -> server.object(NODE).orElseThrow()
                .at("/metadata/labels/kubernetes.io~1os").asText().equals("linux"));
        assertThat(node.at("/metadata/annotations/theirs").asText()).isEqualTo("y");
        assertThat(node.path("spec")).isEqualTo(there.path("spec"));
        assertThat(condition(node, "NetworkUnavailable").path("status").asText()).isEqualTo("False");
        assertThat(server.requests("create", Paths.NODES)).isZero();
    }

    @Test
    void without_registration_it_waits_for_the_node() throws InterruptedException {
        lab.show(Pods.runs("web", "v1"));
        lab.start(new Settings(false, Map.of(), List.of(), Duration.ofSeconds(8)));
        lab.await("it says so", () -> String.valueOf(lab.state().failure()).equals("there is no Node " + Pods.NODE
                + " yet, and register.node = false leaves it to others"));
        assertThat(lab.uid("web")).isEmpty();
        ObjectNode there = JsonNodeFactory.instance.objectNode();
        there.putObject("metadata").put("name", Pods.NODE);
        server.put(NODE, there);
        lab.awaitMirror("web");
        assertThat(server.object(NODE).orElseThrow().at("/metadata/labels").isMissingNode()).isTrue();
    }

    @Test
    void a_refused_node_is_said_where_people_look() throws InterruptedException {
        server.refuse(r -> r.verb().equals("create") && r.path().equals(Paths.NODES)
                ? Optional.of(FakeApiServer.refused(403, "Forbidden", "is not allowed to set label x"))
                : Optional.empty());
        lab.start();
        lab.await("it says so", () -> "is not allowed to set label x".equals(lab.state().failure()));
        server.refuse(_ -> Optional.empty());
        awaitDescription();
        lab.await("all is well", () -> lab.state().failure() == null);
    }

    @Test
    void a_label_that_is_refused_stops_nothing_else() throws InterruptedException {
        ObjectNode there = JsonNodeFactory.instance.objectNode();
        there.putObject("metadata").put("name", Pods.NODE);
        server.put(NODE, there);
        server.refuse(r -> r.verb().equals("patch") && r.path().equals(NODE)
                ? Optional.of(FakeApiServer.refused(403, "Forbidden", "is not allowed to modify labels"))
                : Optional.empty());
        lab.show(Pods.runs("web", "v1"));
        lab.start();
        awaitDescription();
        lab.awaitMirror("web");
        lab.await("there is a Lease", () -> server.object(LEASE).isPresent());
    }

    @Test
    void a_node_that_was_given_up_is_ready_again() throws InterruptedException {
        lab.start(new Settings(true, Map.of(), List.of(), Duration.ofSeconds(8)));
        awaitDescription();
        server.change(NODE, node -> {
            node.withObject("/status").withArrayProperty("conditions").forEach(c -> ((ObjectNode) c).put("status", "Unknown"));
            return node;
        });
        lab.await("it is ready", () -> condition(server.object(NODE).orElseThrow(), "Ready").path("status").asText()
                .equals("True"));
    }

    private ObjectNode awaitDescription() throws InterruptedException {
        lab.await("the Node is described",
                () -> server.object(NODE).filter(n -> n.at("/status/nodeInfo").isObject()).isPresent());
        return server.object(NODE).orElseThrow();
    }

    private static JsonNode condition(JsonNode node, String type) {
        return NodeStatus.condition(node.at("/status/conditions"), type).orElseThrow();
    }
}
