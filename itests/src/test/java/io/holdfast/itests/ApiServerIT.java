package io.holdfast.itests;

import static io.holdfast.itests.Lab.soon;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import io.holdfast.itests.Agent.Output;
import io.holdfast.itests.ApiServer.Request;

/** The API server of the tests is one: who may do what on it, what it keeps, what it tells of requests. */
@Tag("cri") // has no engine: once is enough
class ApiServerIT {

    @RegisterExtension
    static final ApiServer API = new ApiServer();

    @Test
    void aNodeMayMakeItselfAndItsMirrorPodsAndNothingOfAnother() throws Exception { // M1
        Path alpha = API.node("alpha");
        assertThat(create(alpha, node("alpha")).exitCode()).isZero();
        assertThat(create(alpha, node("beta")).err()).contains("\"alpha\" is not allowed to modify node \"beta\"");

        createMirror(alpha, "web-alpha", "alpha");
        assertThat(create(alpha, mirror("web-beta", "beta")).err())
                .contains("node \"alpha\" can only create pods with spec.nodeName set to itself");
        String ordinary = mirror("web-alpha", "alpha").replaceAll("annotations: .*", "annotations: {}")
                .replace("nodeName:", "automountServiceAccountToken: false\n  nodeName:");
        assertThat(create(alpha, ordinary).err()).contains("node \"alpha\" can only create mirror pods");
        assertThat(API.get("pods", "web-alpha").at("/metadata/ownerReferences/0/name").asText()).isEqualTo("alpha");
        assertThat(API.get("pods", "web-beta").isMissingNode()).isTrue();
    }

    @Test
    void whatIsStoredOutlivesKillAndRestart() throws Exception { // M9
        String url = API.url();
        assertThat(API.kubectl("create", "namespace", "kept").exitCode()).isZero();
        String uid = uid("namespace", "kept");
        API.kill();
        assertThat(API.kubectl("get", "namespaces").err()).contains("refused");
        API.start();
        assertThat(uid("namespace", "kept")).isEqualTo(uid);
        API.restart();
        assertThat(uid("namespace", "kept")).isEqualTo(uid);
        assertThat(API.url()).isEqualTo(url);
    }

    @Test
    void eachRequestIsCountedOnce() throws Exception {
        Path gamma = API.node("gamma");
        assertThat(create(gamma, node("gamma")).exitCode()).isZero();
        API.kubectl(gamma, "", "get", "nodes", "--watch", "--request-timeout=3s");
        soon(() -> assertThat(API.requests(r -> r.by("gamma") && r.resource().equals("nodes")))
                .contains(new Request("create", "nodes", "", "gamma", "system:node:gamma", 201))
                .extracting(Request::verb).containsExactlyInAnyOrder("create", "list", "watch"));
    }

    @Test
    void otherIdentitiesAreWhatTheyAreCalled() throws Exception {
        assertThat(getPods("node.kubeconfig").exitCode()).isZero();
        assertThat(getPods("nobody.kubeconfig").err()).contains("User \"nobody\" cannot");
        assertThat(getPods("expired.kubeconfig").err()).contains("Unauthorized");
        assertThat(getPods("serviceaccount.kubeconfig").err())
                .contains("User \"system:serviceaccount:default:holdfast\" cannot");
    }

    @Test
    void secretsAreForTheirOwnerAlone() throws Exception {
        try (Stream<Path> files = Files.walk(API.file(""), 2)) {
            assertThat(files.filter(f -> f.toString().matches(".*(key|kubeconfig|token)"))).hasSizeGreaterThan(10)
                    .allSatisfy(f -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(f)))
                            .isEqualTo("rw-------"));
        }
    }

    @Test
    void logsAreAskedForAtTheNodesPortWithAClientCertificate() throws Exception { // M7
        int port = freePort();
        assertThat(create(API.node("delta"), node("delta") + """
                status:
                  addresses: [{type: InternalIP, address: 127.0.0.1}]
                  daemonEndpoints: {kubeletEndpoint: {Port: %d}}
                """.formatted(port)).exitCode()).isZero();
        createMirror(API.file("node-delta.kubeconfig"), "web-delta", "delta");
        Path answer = API.file("port-of-delta/containerLogs/default/web-delta/main");
        Files.createDirectories(answer.getParent());
        Files.writeString(answer, "HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nhello from delta\n");
        Process kubelet = kubelet(port);
        try {
            soon(() -> assertThat(API.kubectl("logs", "web-delta").out()).isEqualTo("hello from delta\n"));
            assertThat(API.file("port-of-delta.log")).content().contains("CN = kube-apiserver-kubelet-client");
        } finally {
            kubelet.destroy();
            kubelet.waitFor();
        }
    }

    /** Answers with files, to clients that have a certificate. */
    private static Process kubelet(int port) throws IOException {
        return new ProcessBuilder("openssl", "s_server", "-accept", "127.0.0.1:" + port, "-HTTP",
                "-cert", API.file("kubelet.crt").toString(), "-key", API.file("kubelet.key").toString(),
                "-CAfile", API.file("ca.crt").toString(), "-Verify", "1", "-verify_return_error")
                .directory(API.file("port-of-delta").toFile()).redirectErrorStream(true)
                .redirectOutput(API.file("port-of-delta.log").toFile()).start();
    }

    private static Output getPods(String kubeconfig) throws IOException, InterruptedException {
        return API.kubectl(API.file(kubeconfig), "", "get", "pods");
    }

    private static Output create(Path kubeconfig, String object) throws IOException, InterruptedException {
        return API.kubectl(kubeconfig, object, "create", "-f", "-");
    }

    /** The server takes a moment to know of a Node. */
    private static void createMirror(Path kubeconfig, String name, String node) {
        soon(() -> assertThat(create(kubeconfig, mirror(name, node)).err()).isEmpty());
    }

    private static String uid(String... object) throws IOException, InterruptedException {
        return API.get(object).at("/metadata/uid").asText();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static String node(String name) {
        return "apiVersion: v1\nkind: Node\nmetadata: {name: %s}\n".formatted(name);
    }

    private static String mirror(String name, String node) throws IOException, InterruptedException {
        return """
                apiVersion: v1
                kind: Pod
                metadata:
                  name: %s
                  annotations: {kubernetes.io/config.mirror: "1"}
                  ownerReferences: [{apiVersion: v1, kind: Node, name: %s, uid: "%s", controller: true}]
                spec:
                  nodeName: %2$s
                  containers: [{name: main, image: none}]
                """.formatted(name, node, uid("node", node));
    }
}
