package io.holdfast.endpoint;

import static io.holdfast.endpoint.Node.DEADLINE;
import static io.holdfast.endpoint.Node.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.holdfast.kit.testing.Certificates;
import io.holdfast.kit.testing.Certificates.Pair;
import io.holdfast.pod.PodName;
import io.holdfast.status.Authorizer;
import io.holdfast.status.PodStatus.Phase;
import io.holdfast.status.PodStatus.State;
import io.holdfast.status.Publication;

/** Who is let in, and what there is beside logs. */
final class PortTest {

    @TempDir
    Path directory;

    private Node node;

    @SuppressWarnings("NullAway.Init")
    PortTest() {
    }

    @BeforeEach
    void listens() throws Exception {
        node = new Node(directory);
        node.listen(5);
    }

    @AfterEach
    void ends() {
        node.close();
    }

    @Test
    void who_comes_without_a_certificate_is_nobody() throws Exception {
        says(null, "/healthz", 401, "Unauthorized\n");
    }

    @Test
    void a_user_or_a_group_that_is_configured_may_do_everything() throws Exception {
        says(client("alice", "/CN=alice"), "/healthz", 200, "ok");
        says(client("admin", "/O=staff/O=system:masters/CN=admin"), "/healthz", 200, "ok");
        says(client("both", "/CN=both+O=system:masters"), "/healthz", 200, "ok");
    }

    @Test
    void anybody_else_is_told_what_to_configure() throws Exception {
        says(client("bob", "/O=staff/CN=bob"), "/pods", 403, "Forbidden (user=bob, verb=get, resource=nodes, "
                + "subresource=proxy); it is in none of allow.users and allow.groups of io.holdfast.endpoint, and there "
                + "is no API server to ask (bundle io.holdfast.mirror)\n");
    }

    @Test
    void the_api_server_is_asked_as_the_kubelet_asks_it() throws Exception {
        List<String> asked = new ArrayList<>();
        node.services.authorizer = (user, groups, verb, subresource) -> asked
                .add(user + " " + groups + " " + verb + " " + subresource);
        Pair bob = client("bob", "/O=staff/CN=bob");
        try (HttpClient http = node.http(bob)) {
            for (String path : List.of("/healthz", "/metrics", "/stats/summary", "/logs/messages")) {
                node.get(http, path);
            }
            http.send(node.request("/exec/a/b/c").POST(HttpRequest.BodyPublishers.noBody()).build(),
                    HttpResponse.BodyHandlers.ofString());
        }
        assertThat(asked).containsExactly("bob [staff] get proxy", "bob [staff] get metrics", "bob [staff] get stats",
                "bob [staff] get log", "bob [staff] create proxy");
        node.services.authorizer = (_, _, _, _) -> false;
        says(bob, "/metrics", 403, "Forbidden (user=bob, verb=get, resource=nodes, subresource=metrics)\n");
        node.services.authorizer = unreachable();
        says(bob, "/pods", 500, "Authorization error (user=bob, verb=get, resource=nodes, subresource=proxy): "
                + "API server does not answer\n");
    }

    @Test
    void certificates_of_another_authority_and_expired_ones_are_refused() throws Exception {
        Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
        Pair other = new Certificates(elsewhere).authority("ca"); // by its name it is ours
        Pair stranger = node.client("stranger", other, "/O=system:masters/CN=alice", 2);
        Pair expired = node.client("expired", node.authority, "/O=system:masters/CN=alice", -1);
        for (Pair bad : List.of(stranger, expired)) {
            try (HttpClient http = node.http(bad)) {
                assertThatThrownBy(() -> node.get(http, "/healthz")).isInstanceOf(IOException.class);
            }
        }
        says(client("alice", "/CN=alice"), "/healthz", 200, "ok");
    }

    @Test
    void a_certificate_that_names_nobody_is_nobodys() throws Exception {
        says(client("nobody", "/O=system:masters"), "/healthz", 401, "Unauthorized\n");
    }

    @Test
    void rotated_certificates_are_taken_up_and_broken_ones_are_not() throws Exception {
        Pair alice = client("alice", "/CN=alice");
        X509Certificate first = served(alice);
        Files.writeString(directory.resolve("server.key"), "half");
        assertThat(served(alice)).isEqualTo(first);
        Pair second = node.certificates.signed("second", node.authority, "IP:127.0.0.1");
        Files.copy(second.key(), directory.resolve("server.key"), StandardCopyOption.REPLACE_EXISTING);
        assertThat(served(alice)).isEqualTo(first); // until the other half of the pair is there
        Files.move(second.certificate(), directory.resolve("server.crt"), StandardCopyOption.REPLACE_EXISTING);
        Files.move(second.key(), directory.resolve("server.key"), StandardCopyOption.REPLACE_EXISTING);
        assertThat(served(alice).getSubjectX500Principal().getName()).isEqualTo("CN=second");
    }

    @Test
    void there_are_no_more_connections_than_allowed() throws Exception {
        Pair alice = client("alice", "/CN=alice");
        List<Socket> idle = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            idle.add(new Socket(InetAddress.getLoopbackAddress(), node.number));
        }
        try (Socket sixth = new Socket(InetAddress.getLoopbackAddress(), node.number)) {
            sixth.setSoTimeout((int) DEADLINE.toMillis());
            assertThat(sixth.getInputStream().read()).isEqualTo(-1);
        }
        for (Socket socket : idle) {
            socket.close();
        }
        assertThat(served(alice).getSubjectX500Principal().getName()).isEqualTo("CN=server");
    }

    @Test
    void who_does_not_finish_its_request_is_left() throws Exception {
        try (Socket socket = node.tls(client("alice", "/CN=alice")).getSocketFactory().createSocket("127.0.0.1",
                node.number)) {
            socket.getOutputStream().write("GET /healthz HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII));
            socket.setSoTimeout((int) DEADLINE.multipliedBy(2).toMillis());
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void what_is_no_http_is_a_bad_request() throws Exception {
        try (Socket socket = node.tls(client("alice", "/CN=alice")).getSocketFactory().createSocket("127.0.0.1",
                node.number)) {
            socket.getOutputStream().write(("GET /" + "x".repeat(20_000) + " HTTP/1.1\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.1 400 Bad Request").endsWith("Bad Request\n");
        }
    }

    @Test
    void what_there_is_not_is_said() throws Exception {
        Pair alice = client("alice", "/CN=alice");
        says(alice, "/exec/default/web-node1/web?command=sh", 501, "exec is not supported by this node, whose port "
                + "has logs, pods, metrics and healthz; on the node itself, the engine's own command line does it, such as "
                + "crictl or docker\n");
        says(alice, "/nothing", 404, "404: Page Not Found\n");
        try (HttpClient http = node.http(alice)) {
            HttpRequest post = node.request("/pods").POST(HttpRequest.BodyPublishers.ofString("body")).build();
            HttpResponse<String> answer = http.send(post, HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(405);
            assertThat(answer.body()).isEqualTo("Method Not Allowed\n");
        }
    }

    @Test
    void pods_are_a_list_as_kubernetes_has_it() throws Exception {
        node.runs(directory.resolve("0.log"));
        try (HttpClient http = node.http(client("alice", "/CN=alice"))) {
            HttpResponse<String> answer = node.get(http, "/pods");
            assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
            assertThat(answer.body().replaceAll("\\s+", "")).startsWith("{\"apiVersion\":\"v1\",\"kind\":\"PodList\","
                    + "\"metadata\":{},\"items\":[{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":"
                    + "\"web-node1\",\"namespace\":\"default\",\"uid\":\"uid-1\"},\"status\":{\"phase\":\"Running\"");
        }
    }

    @Test // M8
    void metrics_have_pods_restarts_and_how_far_they_are_shown_elsewhere() throws Exception {
        PodName db = new PodName("default", "db-node1");
        node.pods.set(List.of(
                Node.pod(Node.WEB, Phase.Running, Node.status(new State.Running(NOW), Node.ended(2), 3, null)),
                Node.pod(db, Phase.Pending, Node.status(new State.Waiting("ErrImagePull", ""), null, 0, null))));
        Publication.Refusal refusal = new Publication.Refusal("namespace \"x\" not found", NOW, 3, NOW);
        node.services.publications = List.of(Map.entry(Map.of(Publication.NAME, "mirror"), () -> new Publication.State(
                "https://192.0.2.1:6443", null, null, 1, Map.of(db, refusal))));
        try (HttpClient http = node.http(client("alice", "/CN=alice"))) {
            HttpResponse<String> answer = node.get(http, "/metrics");
            assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("text/plain; version=0.0.4");
            assertThat(answer.body()).contains("holdfast_pods{phase=\"Running\"} 1.0\n", "kubelet_running_pods 1.0\n",
                    "holdfast_pods{phase=\"Pending\"} 1.0\n", "holdfast_pods{phase=\"Failed\"} 0.0\n",
                    "kubelet_running_containers{container_state=\"running\"} 1.0\n",
                    "holdfast_container_restarts_total{container=\"web\",namespace=\"default\",pod=\"web-node1\"} 3.0\n",
                    "holdfast_publication_reachable{publication=\"mirror\",target=\"https://192.0.2.1:6443\"} 1.0\n",
                    "holdfast_publication_refused_pods{publication=\"mirror\",reason=\"namespace \\\"x\\\" not found\"} "
                            + "1.0\n",
                    "holdfast_build_info{java=", "version=\"1.2.3\"} 1\n", "# TYPE process_cpu_seconds_total counter\n",
                    "process_resident_memory_bytes ", "process_open_fds ");
        }
    }

    private Pair client(String file, String subject) throws Exception {
        return node.client(file, node.authority, subject, 2);
    }

    private void says(@Nullable Pair client, String path, int code, String text) throws Exception {
        try (HttpClient http = node.http(client)) {
            HttpResponse<String> answer = node.get(http, path);
            assertThat(answer.body()).isEqualTo(text);
            assertThat(answer.statusCode()).isEqualTo(code);
        }
    }

    private X509Certificate served(Pair client) throws Exception {
        try (HttpClient http = node.http(client)) {
            HttpResponse<String> answer = node.get(http, "/healthz");
            assertThat(answer.body()).isEqualTo("ok");
            return (X509Certificate) answer.sslSession().orElseThrow().getPeerCertificates()[0];
        }
    }

    private static Authorizer unreachable() {
        return (_, _, _, _) -> {
            throw new IOException("API server does not answer");
        };
    }
}
