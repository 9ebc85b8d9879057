package io.holdfast.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.holdfast.pod.Container;
import io.holdfast.pod.Pod;
import io.holdfast.pod.PodName;
import io.holdfast.pod.PodSpec;
import io.holdfast.pod.Quantity;
import io.holdfast.pod.Volume;

class PodReaderTest {

    static final Instant SEEN = Instant.parse("2026-01-02T03:04:05.000000006Z");
    static final String WEB = """
            apiVersion: v1
            kind: Pod
            metadata:
              name: web
              labels: {app: web}
            spec:
              containers:
              - name: main
                image: busybox
                ports:
                - containerPort: 8080
                resources:
                  limits: {cpu: 500m, memory: 64Mi}
                volumeMounts:
                - {name: data, mountPath: /data}
              volumes:
              - name: data
            """;

    @Test
    void aPodIsNamedAfterItsNode() { // I1
        Pod pod = read(WEB);
        assertThat(pod.podName()).isEqualTo(new PodName("default", "web-node1"));
        assertThat(pod.spec().nodeName()).isEqualTo("node1");
        assertThat(json(WEB)).contains("\"tolerations\":[{\"operator\":\"Exists\",\"effect\":\"NoExecute\"}]");
    }

    @Test
    void whatIsLeftOutGetsTheDefaultsOfTheApi() { // I2
        Pod pod = read(WEB);
        PodSpec spec = pod.spec();
        Container main = spec.containers().getFirst();
        assertThat(spec.restartPolicy()).isEqualTo(PodSpec.RestartPolicy.Always);
        assertThat(spec.dnsPolicy()).isEqualTo(PodSpec.DnsPolicy.ClusterFirst);
        assertThat(spec.terminationGracePeriodSeconds()).isEqualTo(30);
        assertThat(main.imagePullPolicy()).isEqualTo(Container.ImagePullPolicy.Always);
        assertThat(main.terminationMessagePath()).isEqualTo("/dev/termination-log");
        assertThat(main.terminationMessagePolicy()).isEqualTo(Container.TerminationMessagePolicy.File);
        assertThat(main.resources().requests()).isEqualTo(
                Map.of("cpu", new Quantity("500m"), "memory", new Quantity("64Mi")));
        assertThat(main.ports().getFirst()).isEqualTo(
                new Container.ContainerPort(null, 8080, null, null, Container.Protocol.TCP));
        assertThat(spec.volumes()).containsExactly(
                new Volume("data", null, new Volume.EmptyDir("", null), null, null, null, null));
    }

    @Test
    void anEmptyTextIsAsIfItWereLeftOut() { // I2
        Pod pod = read(WEB.replace("spec:\n", "spec:\n  restartPolicy: ''\n  dnsPolicy: ''\n")
                .replace("    image: busybox\n", "    image: busybox\n    imagePullPolicy: ''\n    terminationMessagePath: ''\n"));
        assertThat(pod.spec()).isEqualTo(read(WEB).spec());
    }

    @Test
    void onTheHostNetworkAPortIsAHostPort() { // I2
        Pod pod = read(WEB.replace("spec:\n", "spec:\n  hostNetwork: true\n"));
        assertThat(pod.spec().containers().getFirst().ports().getFirst().hostPort()).isEqualTo(8080);
    }

    @ParameterizedTest
    @ValueSource(strings = { "busybox:1.36", "localhost:5000/busybox:1", "busybox@sha256:abc" })
    void anImageWithATagIsPulledOnlyWhenAbsent(String image) { // I2
        Pod pod = read(WEB.replace("image: busybox", "image: " + image));
        assertThat(pod.spec().containers().getFirst().imagePullPolicy())
                .isEqualTo(Container.ImagePullPolicy.IfNotPresent);
    }

    @ParameterizedTest
    @ValueSource(strings = { "busybox:latest", "localhost:5000/busybox" })
    void anImageWithoutATagIsAlwaysPulled(String image) { // I2
        Pod pod = read(WEB.replace("image: busybox", "image: " + image));
        assertThat(pod.spec().containers().getFirst().imagePullPolicy()).isEqualTo(Container.ImagePullPolicy.Always);
    }

    @Test
    void theAnnotationsOfTheKubeletAreThere() { // S2
        Pod pod = read(WEB);
        assertThat(pod.metadata().annotations()).isEqualTo(Map.of("kubernetes.io/config.source", "file",
                "kubernetes.io/config.hash", String.valueOf(pod.metadata().uid()), "kubernetes.io/config.seen",
                "2026-01-02T03:04:05.000000006Z"));
        assertThat(json(WEB)).contains("\"kubernetes.io/config.source\":\"file\"");
    }

    @Test
    void theUidDoesNotDependOnSpelling() { // F6, I5
        String uid = uid(WEB);
        String json = """
                {"kind": "Pod", "apiVersion": "v1", "status": {"phase": "Running"},
                \t"spec": {"volumes": [{"name": "data", "emptyDir": {}}], "containers": [{"image": "busybox",
                  "resources": {"limits": {"memory": "64Mi", "cpu": "500m"}}, "name": "main", "args": [], "env": null,
                  "volumeMounts": [{"mountPath": "/data", "name": "data"}], "ports": [{"containerPort": 8080}]}]},
                "metadata": {"labels": {"app": "web"}, "name": "web", "creationTimestamp": null,
                  "annotations": {"kubernetes.io/config.seen": "x"}}}
                """;
        assertThat(uid).matches("[0-9a-f]{32}");
        assertThat(uid(json)).isEqualTo(uid);
        assertThat(uid("# a comment\n" + WEB.replace("name: web", "name:   'web'"))).isEqualTo(uid);
    }

    @Test
    void theUidIsTheSameInEveryVersionOfTheAgent() { // I5: running pods are found by it
        assertThat(uid(WEB)).isEqualTo("a4ace5400c77ec063345ec56ae344ea7");
    }

    @ParameterizedTest
    @ValueSource(strings = { "image: busybox:2", "image: busybox\n    tty: true",
            "image: busybox\n    env: [{name: A}]" })
    void anotherContentIsAnotherUid(String image) {
        assertThat(uid(WEB.replace("image: busybox", image))).isNotEqualTo(uid(WEB));
    }

    @Test
    void theSameManifestElsewhereIsAnotherPod() { // H7
        Reading other = new PodReader(ThisNode.named("node2"), "file~main").read(WEB.getBytes(UTF_8), (name, uid) -> SEEN);
        assertThat(pod(other.documents().getFirst()).metadata().uid()).isNotEqualTo(uid(WEB));
        assertThat(uid(WEB.replace("labels:", "namespace: other\n  labels:"))).isNotEqualTo(uid(WEB));
    }

    @Test
    void aUidThatIsGivenIsTaken() { // I5
        assertThat(uid(given("abc-1"))).isEqualTo("abc-1");
    }

    @Test
    void anEditIsAnotherEditionEvenIfItKeepsTheUidThatIsGiven() { // S3
        String edited = given("abc-1").replace("busybox", "busybox:2");
        assertThat(uid(edited)).isEqualTo("abc-1");
        assertThat(hash(edited)).matches("[0-9a-f]{32}").isNotEqualTo(hash(given("abc-1")));
        assertThat(hash("# a comment\n" + given("abc-1"))).isEqualTo(hash(given("abc-1")));
        assertThat(hash(given("abc-2"))).isNotEqualTo(hash(given("abc-1")));
    }

    private static String given(String uid) {
        return WEB.replace("labels:", "uid: " + uid + "\n  labels:");
    }

    private static String hash(String text) {
        return String.valueOf(read(text).metadata().annotations().get("kubernetes.io/config.hash"));
    }

    @Test
    void severalDocumentsAndListsAreRead() { // F3
        String item = WEB.replace("name: web", "name: api").indent(2).replaceFirst("  ", "- ");
        String podList = "---\napiVersion: v1\nkind: PodList\nitems:\n- metadata: {name: db}\n  spec: {containers:"
                + " [{name: a, image: b}]}\n";
        Reading reading = reading(WEB + "---\n---\napiVersion: v1\nkind: List\nitems:\n" + item + podList);
        assertThat(reading.documents()).allMatch(d -> d.faults().isEmpty());
        assertThat(reading.documents()).extracting(d -> ((Reading.PodDocument) d).name().name())
                .containsExactly("web-node1", "api-node1", "db-node1");
        assertThat(reading("apiVersion: v1\nkind: List\nitems: []\n")).isEqualTo(new Reading(List.of(), null));
    }

    @Test
    void fieldsWithoutEffectOnOneNodeStayInTheJson() {
        String json = json(WEB + "  schedulerName: mine\n  tolerations: [{key: a, operator: Exists}]\n"
                + "  priorityClassName: system-node-critical\n");
        assertThat(json).contains("\"schedulerName\":\"mine\"", "\"key\":\"a\"",
                "\"priorityClassName\":\"system-node-critical\"")
                .doesNotContain("status");
    }

    @Test
    void aPodFromDiskIsTheSamePod() {
        Reading.ReadPod read = good(reading(WEB).documents().getFirst());
        Documents again = Documents.read(read.json().getBytes(UTF_8));
        assertThat(PodReader.restore((Tree.Obj) again.list().getFirst().root(), SEEN)).isEqualTo(read);
    }

    @ParameterizedTest
    @ValueSource(strings = { "hostPath: {path: /x}", "hostPath: {path: /x, type: ''}" })
    void aHostPathWithoutATypeIsNotChecked(String source) { // G3
        Pod pod = read(WEB + "    " + source + "\n");
        assertThat(pod.spec().volumes().getFirst().hostPath())
                .isEqualTo(new Volume.HostPath("/x", Volume.HostPath.Type.Unset));
    }

    static Reading reading(String text) {
        return new PodReader(ThisNode.named("node1"), "file~main").read(text.getBytes(UTF_8), (name, uid) -> SEEN);
    }

    private static Pod pod(Reading.Document document) {
        assertThat(document.faults()).isEmpty();
        return good(document).pod();
    }

    private static Reading.ReadPod good(Reading.Document document) {
        return Objects.requireNonNull(((Reading.PodDocument) document).pod());
    }

    private static Pod read(String text) {
        return pod(reading(text).documents().getFirst());
    }

    private static String uid(String text) {
        return String.valueOf(read(text).metadata().uid());
    }

    private static String json(String text) {
        return good(reading(text).documents().getFirst()).json();
    }
}
