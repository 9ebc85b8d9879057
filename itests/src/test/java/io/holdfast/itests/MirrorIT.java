package io.holdfast.itests;

import static io.holdfast.itests.Lab.soon;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Pods as a real API server shows them to a real kubectl, with the identity of the node (behaviours M1 to M9). */
class MirrorIT {

    @RegisterExtension
    static final ApiServer SERVER = new ApiServer();

    @RegisterExtension
    final Lab lab = new Lab();

    @BeforeEach
    void configure() throws Exception {
        lab.agent().config("io.holdfast.mirror", "kubeconfig=" + SERVER.file("node.kubeconfig"));
    }

    @Test
    void aDeletedMirrorIsBackAndItsPodNeverKnew() throws Exception { // M1, M4, M5
        lab.agent().start().manifest("web.yaml", Pods.sleeper("static-web").replace("app: static-web", "app: static"));
        String container = lab.running("static-web").id();
        String mirror = awaitRunning("static-web");
        assertThat(SERVER.get("pod", "static-web-node1").at("/metadata/labels/app").asText()).isEqualTo("static");
        assertThat(shownContainer("static-web")).endsWith(container);
        assertThat(SERVER.kubectl("delete", "pod", "static-web-node1").exitCode()).isZero();
        soon(() -> assertThat(uid("static-web")).isNotEmpty().isNotEqualTo(mirror));
        awaitRunning("static-web");
        assertThat(shownContainer("static-web")).endsWith(container);
        lab.agent().remove("web.yaml");
        lab.gone("static-web");
        soon(() -> assertThat(uid("static-web")).isEmpty());
        lab.agent().manifest("web.yaml", Pods.sleeper("static-web"));
        awaitRunning("static-web");
        assertThat(lab.running("static-web").id()).isNotEqualTo(container);
    }

    @Test
    void theNodeIsThereAndAlive() throws Exception { // M2
        lab.agent().start();
        soon(() -> assertThat(SERVER.kubectl("get", "nodes", "--no-headers").out()).matches("node1 +Ready .*\\s*"));
        assertThat(SERVER.get("node", "node1").at("/spec/taints").toString()).contains("holdfast.io/static-only");
        soon(() -> assertThat(SERVER.get("lease", "node1", "-n", "kube-node-lease").at("/spec/holderIdentity").asText())
                .isEqualTo("node1"));
    }

    @Test
    void anOutageIsMadeUpFor() throws Exception { // M9
        lab.agent().start().manifest("stays.yaml", Pods.sleeper("stays"));
        lab.agent().manifest("goes.yaml", Pods.sleeper("goes"));
        String stays = awaitRunning("stays");
        awaitRunning("goes");
        SERVER.kill();
        soon(() -> assertThat(lab.agent().cli("pod:describe", "stays").out()).containsPattern("Mirror: +not up to date"));
        lab.agent().remove("goes.yaml");
        lab.agent().manifest("comes.yaml", Pods.sleeper("comes"));
        lab.running("comes");
        lab.gone("goes");
        SERVER.start();
        awaitRunning("comes");
        soon(() -> assertThat(uid("goes")).isEmpty());
        assertThat(uid("stays")).isEqualTo(stays);
    }

    @Test
    void mirrorsNeitherVanishNorDoubleWhenTheBundleOrTheAgentGoes() throws Exception { // M3, M5
        lab.agent().start().manifest("kept.yaml", Pods.sleeper("kept"));
        lab.agent().manifest("orphan.yaml", Pods.sleeper("orphan"));
        String kept = awaitRunning("kept");
        awaitRunning("orphan");
        long requests = requests("kept");
        Parts parts = new Parts(lab.agent(), lab.directory(), List.of("io.holdfast.mirror"));
        parts.stop("io.holdfast.mirror");
        parts.start("io.holdfast.mirror");
        parts.update("io.holdfast.mirror");
        lab.agent().kill();
        lab.agent().remove("orphan.yaml");
        lab.agent().start();
        soon(() -> assertThat(uid("orphan")).isEmpty());
        assertThat(uid("kept")).isEqualTo(kept);
        assertThat(requests("kept")).isEqualTo(requests);
    }

    @Test
    void aRefusedMirrorSaysWhyAndIsMadeWhenItCan() throws Exception { // M8
        lab.agent().start().manifest("lost.yaml",
                Pods.shell("lost", "exit 3").replace("metadata:", "metadata:\n  namespace: nowhere"));
        soon(() -> assertThat(lab.agent().cli("pod:describe", "lost").out())
                .containsPattern("Mirror: +refused: namespaces \"nowhere\" not found; tried .*, next in "));
        SERVER.kubectl("create", "namespace", "nowhere");
        soon(() -> assertThat(SERVER.kubectl("describe", "pod", "-n", "nowhere", "lost-node1").out())
                .containsPattern("Warning +BackOff .* holdfast.io/agent +Back-off"));
    }

    @Test
    void aPodTakesThreeRequestsAtMost() throws Exception {
        lab.agent().start();
        List<String> pods = lab.sleepers(20);
        lab.running(pods);
        soon(() -> assertThat(SERVER.kubectl("get", "pods", "--no-headers").out().lines()
                .filter(line -> line.startsWith("p") && line.contains(" Running "))).hasSize(20));
        Map<String, Long> requests = SERVER.requests(r -> r.by(Agent.NODE) && r.resource().startsWith("pods")
                && pods.contains(r.name()) && !r.verb().equals("get"))
                .stream().collect(Collectors.groupingBy(ApiServer.Request::name, Collectors.counting()));
        assertThat(requests).hasSize(20).allSatisfy((_, count) -> assertThat(count).isLessThanOrEqualTo(3));
    }

    @Test
    void aPodThatSomebodyElseMadeIsLeftAlone() throws Exception {
        Files.writeString(lab.directory().resolve("theirs.yaml"), """
                apiVersion: v1
                kind: Pod
                metadata: {name: theirs-node1}
                spec: {nodeName: node1, automountServiceAccountToken: false, containers: [{name: c, image: theirs}]}
                """);
        SERVER.kubectl("create", "-f", lab.directory().resolve("theirs.yaml").toString());
        String theirs = uid("theirs");
        lab.agent().start().manifest("theirs.yaml", Pods.sleeper("theirs"));
        soon(() -> assertThat(lab.agent().cli("pod:describe", "theirs").out())
                .contains("not shown: the API server has a pod default/theirs-node1 on this node that is no mirror"));
        assertThat(uid("theirs")).isEqualTo(theirs);
        SERVER.kubectl("delete", "pod", "theirs-node1", "--force", "--grace-period=0");
        awaitRunning("theirs");
    }

    /** The mirror's UID. */
    private static String awaitRunning(String pod) throws Exception {
        soon(() -> assertThat(SERVER.get("pod", pod + "-node1").at("/status/phase").asText()).isEqualTo("Running"));
        return uid(pod);
    }

    private static String uid(String pod) throws Exception {
        return SERVER.get("pod", pod + "-node1").at("/metadata/uid").asText();
    }

    private static String shownContainer(String pod) throws Exception {
        return SERVER.get("pod", pod + "-node1").at("/status/containerStatuses/0/containerID").asText();
    }

    private static long requests(String pod) throws Exception {
        return SERVER.requests(r -> r.by(Agent.NODE) && r.resource().startsWith("pods")
                && r.name().equals(pod + "-node1")).size();
    }
}
