package io.holdfast.itests;

import static io.holdfast.itests.Lab.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import com.fasterxml.jackson.databind.JsonNode;

/** What a real API server may do to a mirror, and how it is made up for; the same on every engine. */
@Tag("cri")
class ApiTroubleIT {

    private static final int MANY = 200;
    private static final Duration MANY_STARTED = Duration.ofMinutes(3);

    @RegisterExtension
    static final ApiServer SERVER = new ApiServer();

    @RegisterExtension
    final Lab lab = new Lab();

    /** The server is the class's: the next test's agent would take these for its own. */
    @AfterEach
    void forgetPods() throws Exception {
        lab.agent().close();
        SERVER.kubectl("delete", "pods", "--all", "--all-namespaces", "--force", "--grace-period=0");
    }

    private Agent start(Path kubeconfig) throws IOException {
        lab.agent().config("io.holdfast.mirror", "kubeconfig=" + kubeconfig);
        return lab.agent().start();
    }

    @Test
    void aServerThatIsKilledAgainAndAgainInTheEndShowsWhatRuns() throws Exception { // M9
        start(SERVER.file("node.kubeconfig"));
        lab.sleepers(6);
        for (int round = 0; round < 4; round++) {
            SERVER.kill();
            lab.agent().remove("p" + round + ".yaml");
            lab.agent().manifest("more" + round + ".yaml", Pods.sleeper("more" + round));
            SERVER.start();
            lab.agent().manifest("p5.yaml", Pods.shell("p5", "sleep " + (7000 + round)));
        }
        List<String> pods = List.of("p4-node1", "p5-node1", "more0-node1", "more1-node1", "more2-node1", "more3-node1");
        soon(() -> assertThat(shown()).containsOnlyKeys(pods).isEqualTo(new TreeMap<>(lab.running(pods))));
    }

    @Test
    void whatIsForgottenAtTheServerIsListedAnew() throws Exception { // 410 Gone
        Agent agent = start(SERVER.file("node.kubeconfig"));
        agent.manifest("web.yaml", Pods.sleeper("web"));
        String container = lab.running("web").id();
        soon(() -> assertThat(shown()).containsEntry("web-node1", container));
        signal("STOP");
        try {
            SERVER.kubectl("delete", "pod", "web-node1", "--force", "--grace-period=0");
            SERVER.restart(); // what happened before is not in its memory: the watch cannot go on from where it was
        } finally {
            signal("CONT");
        }
        soon(() -> assertThat(shown()).containsEntry("web-node1", container));
        assertThat(SERVER.requests(r -> r.by(Agent.NODE) && r.verb().equals("list") && r.resource().equals("pods")))
                .hasSizeGreaterThan(1);
    }

    @Test
    void anExpiredCertificateIsSaidAndItsSuccessorTakenUp() throws Exception {
        Path kubeconfig = lab.directory().resolve("kubeconfig");
        Files.copy(SERVER.file("expired.kubeconfig"), kubeconfig);
        Agent agent = start(kubeconfig);
        agent.manifest("web.yaml", Pods.sleeper("web"));
        String container = lab.running("web").id();
        soon(() -> assertThat(agent.cli("pod:describe", "web").out()).containsPattern("Mirror: +not up to date"));
        Files.copy(SERVER.file("node.kubeconfig"), kubeconfig, StandardCopyOption.REPLACE_EXISTING);
        soon(() -> assertThat(shown()).containsEntry("web-node1", container));
    }

    /** A machine often begins with a wrong time, and is set right later. */
    @Test
    void aClockThatJumpsStopsNothing() throws Exception {
        Path clock = Files.writeString(lab.directory().resolve("clock"), "+0");
        lab.agent().environment().putAll(Map.of("LD_PRELOAD", fakeTime(), "FAKETIME_TIMESTAMP_FILE", clock.toString(),
                "FAKETIME_NO_CACHE", "1", "FAKETIME_DONT_FAKE_MONOTONIC", "1",
                "FAKETIME_FORCE_MONOTONIC_FIX", "0")); // or else no timed wait of a JVM waits, and all of its threads spin
        start(SERVER.file("node.kubeconfig")).manifest("web.yaml", Pods.sleeper("web"));
        String container = lab.running("web").id();
        soon(() -> assertThat(shown()).containsEntry("web-node1", container));
        for (String jump : List.of("+2d", "+0")) {
            Files.writeString(clock, jump);
            String renewed = renewed();
            soon(() -> assertThat(renewed()).isNotEqualTo(renewed));
            SERVER.kubectl("delete", "pod", "web-node1");
            soon(() -> assertThat(shown()).containsEntry("web-node1", container));
        }
        assertThat(lab.agent().log()).doesNotContain("ERROR");
    }

    private static String fakeTime() throws IOException {
        try (Stream<Path> libraries = Files.find(Path.of("/usr/lib"), 3,
                (path, _) -> path.endsWith("faketime/libfaketimeMT.so.1"))) {
            return libraries.findFirst().orElseThrow().toString();
        }
    }

    private static String renewed() throws IOException, InterruptedException {
        return SERVER.get("lease", "node1", "-n", "kube-node-lease").at("/spec/renewTime").asText();
    }

    @Test
    void aNodeNameMayHaveDotsAndIsInLowerCase() throws Exception {
        lab.agent().configureNode("name=Edge.7");
        start(SERVER.node("edge.7")).manifest("web.yaml", Pods.sleeper("web"));
        soon(() -> assertThat(SERVER.get("pod", "web-edge.7").at("/spec/nodeName").asText()).isEqualTo("edge.7"));
        soon(() -> assertThat(SERVER.kubectl("get", "node", "edge.7", "--no-headers").out()).contains(" Ready "));
    }

    @Test
    void aQuotaKeepsTheMirrorAwayAndNotThePod() throws Exception { // M8
        SERVER.kubectl("create", "namespace", "small");
        SERVER.kubectl("create", "quota", "one", "-n", "small", "--hard=pods=0");
        SERVER.kubectl("patch", "quota", "one", "-n", "small", "--subresource=status", "--type=merge", "-p",
                "{\"status\":{\"hard\":{\"pods\":\"0\"},\"used\":{\"pods\":\"0\"}}}");
        refusedUntil("small", "exceeded quota", "delete", "quota", "one", "-n", "small");
    }

    @Test
    void aWebhookThatFailsKeepsTheMirrorAwayAndNotThePod() throws Exception { // M8
        SERVER.kubectl("create", "namespace", "guarded");
        SERVER.kubectl("label", "namespace", "guarded", "guarded=yes");
        assertThat(SERVER.kubectl(SERVER.file("admin.kubeconfig"), """
                apiVersion: admissionregistration.k8s.io/v1
                kind: ValidatingWebhookConfiguration
                metadata: {name: guard}
                webhooks:
                - name: guard.example.com
                  clientConfig: {url: "https://127.0.0.1:1/"}
                  namespaceSelector: {matchLabels: {guarded: "yes"}}
                  rules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}]
                  sideEffects: None
                  admissionReviewVersions: [v1]
                """, "create", "-f", "-").exitCode()).isZero();
        refusedUntil("guarded", "failed calling webhook", "delete", "validatingwebhookconfiguration", "guard");
    }

    @Test
    void aPriorityClassThatIsMissingKeepsTheMirrorAwayAndNotThePod() throws Exception { // M8
        start(SERVER.file("node.kubeconfig")).manifest("web.yaml",
                Pods.sleeper("web").replace("spec:\n", "spec:\n  priorityClassName: gold\n"));
        refused("web", "no PriorityClass with name gold was found");
        SERVER.kubectl("create", "priorityclass", "gold", "--value=7");
        soon(() -> assertThat(shown()).containsKey("web-node1"));
    }

    /** 200 pods at once, with at most three requests for each. */
    @Test
    void manyPodsAreNoStorm() throws Exception {
        int before = requestsAboutPods().size(); // of other tests, some about pods of these names
        start(SERVER.file("node.kubeconfig"));
        List<String> pods = lab.sleepers(MANY);
        await().atMost(MANY_STARTED).pollInterval(Duration.ofSeconds(1)).until(() -> shown().keySet().containsAll(pods));
        Map<String, List<String>> requests = requestsAboutPods().stream().skip(before)
                .collect(Collectors.groupingBy(ApiServer.Request::name,
                        Collectors.mapping(r -> r.verb() + " " + r.resource() + " " + r.code(), Collectors.toList())));
        assertThat(requests).containsOnlyKeys(pods);
        assertThat(requests.entrySet().stream().filter(r -> r.getValue().size() > 3)).isEmpty();
    }

    private static List<ApiServer.Request> requestsAboutPods() throws IOException {
        return SERVER.requests(r -> r.by(Agent.NODE) && r.resource().startsWith("pods") && !r.name().isEmpty());
    }

    private void refusedUntil(String namespace, String reason, String... remedy) throws Exception {
        start(SERVER.file("node.kubeconfig")).manifest("web.yaml",
                Pods.sleeper("web").replace("metadata:", "metadata:\n  namespace: " + namespace));
        refused("web", reason);
        assertThat(SERVER.kubectl(remedy).exitCode()).isZero();
        soon(() -> assertThat(SERVER.get("pod", "-n", namespace, "web-node1").at("/status/phase").asText())
                .isEqualTo("Running"));
    }

    private void refused(String pod, String reason) {
        soon(() -> assertThat(lab.agent().cli("pod:describe", pod).out()).containsPattern("Mirror: +refused: .*" + reason));
        lab.running(pod);
    }

    /** The containers that run by what the server says, by pod, in namespace default. */
    private static Map<String, String> shown() throws IOException, InterruptedException {
        Map<String, String> shown = new TreeMap<>();
        for (JsonNode pod : SERVER.get("pods").path("items")) {
            JsonNode container = pod.at("/status/containerStatuses/0");
            if (container.path("ready").asBoolean()) {
                shown.put(pod.at("/metadata/name").asText(),
                        container.path("containerID").asText().replaceFirst(".*://", ""));
            }
        }
        return shown;
    }

    private void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(lab.agent().pid())).inheritIO().start().waitFor();
    }
}
