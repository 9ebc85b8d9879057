package io.holdfast.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.holdfast.itests.Agent.Output;

/** A Kubernetes API server of a test class's own, and kubectl; {@code itests/engine/apiserver help} tells more. */
public final class ApiServer implements BeforeAllCallback, AfterAllCallback {

    private static final ObjectMapper JSON = new ObjectMapper();

    private @Nullable Path directory;

    /**
     * One request, as the server's audit log has it.
     *
     * @param verb {@code create}, {@code get}, {@code list}, {@code watch}, {@code update}, {@code patch}, …
     * @param resource with its subresource, such as {@code pods/status}; empty where the path is not one's
     * @param code of the answer
     */
    public record Request(String verb, String resource, String namespace, String name, String user, int code) {

        private static Request of(JsonNode line) {
            JsonNode object = line.path("objectRef");
            String subresource = object.path("subresource").asText();
            return new Request(line.path("verb").asText(),
                    object.path("resource").asText() + (subresource.isEmpty() ? "" : "/" + subresource),
                    object.path("namespace").asText(), object.path("name").asText(),
                    line.at("/user/username").asText(), line.at("/responseStatus/code").asInt());
        }

        /** Of the identity of a node. */
        public boolean by(String node) {
            return user.equals("system:node:" + node);
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        open();
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        close();
    }

    public void open() throws IOException, InterruptedException {
        directory = Files.createTempDirectory("holdfast-api");
        script("start", "--node", Agent.NODE);
    }

    public void close() throws IOException, InterruptedException {
        script("stop");
    }

    /** SIGKILL. */
    public void kill() throws IOException, InterruptedException {
        script("kill-daemon");
    }

    /** After {@link #kill}; it answers at the same URL when this returns. */
    public void start() throws IOException, InterruptedException {
        script("start-daemon");
    }

    /** With SIGTERM. */
    public void restart() throws IOException, InterruptedException {
        script("restart-daemon");
    }

    /** Makes the identity of one more node; its kubeconfig. */
    public Path node(String name) throws IOException, InterruptedException {
        script("node", name);
        return file("node-" + name + ".kubeconfig");
    }

    private void script(String command, String... options) throws IOException, InterruptedException {
        Output output = Agent.run(words(
                List.of(Agent.property("holdfast.apiserver.script"), command, file("").toString()), options), "");
        assertThat(output.exitCode()).as("apiserver %s: %s", command, output.err()).isZero();
    }

    private static List<String> words(List<String> first, String... more) {
        return Stream.concat(first.stream(), Stream.of(more)).toList();
    }

    /** One of the server's files: {@code node.kubeconfig}, {@code ca.crt}, {@code kubelet.key}, … */
    public Path file(String name) {
        return Objects.requireNonNull(directory, "not started").resolve(name);
    }

    public String url() throws IOException {
        return "https://127.0.0.1:" + Files.readString(file("port")).strip();
    }

    /** The configuration of an endpoint on 127.0.0.1 that this server asks for logs, at a port that was free. */
    String[] endpoint(String... more) throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return words(List.of("address=127.0.0.1", "port=" + free.getLocalPort(), "cert=" + file("kubelet.crt"),
                    "key=" + file("kubelet.key"), "client.ca=" + file("ca.crt")), more).toArray(String[]::new);
        }
    }

    /** kubectl as administrator. */
    public Output kubectl(String... words) throws IOException, InterruptedException {
        return kubectl(file("admin.kubeconfig"), "", words);
    }

    /** @param input for {@code -f -} */
    public Output kubectl(Path kubeconfig, String input, String... words) throws IOException, InterruptedException {
        return Agent.run(words(List.of("kubectl", "--kubeconfig", kubeconfig.toString(), "--cache-dir",
                file("kubectl").toString()), words), input);
    }

    /** What {@code kubectl get WORDS… -o json} says; a missing node when there is no such object. */
    public JsonNode get(String... words) throws IOException, InterruptedException {
        Output output = kubectl(words(List.of("get", "-o", "json"), words).toArray(String[]::new));
        return output.exitCode() == 0 ? JSON.readTree(output.out()) : JSON.missingNode();
    }

    /**
     * The requests that were answered since the server was made: each once, a watch when it has begun. An answer is in
     * the log a moment after it is sent.
     */
    public List<Request> requests(Predicate<Request> which) throws IOException {
        List<Request> requests = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (String line : Files.readAllLines(file("audit.log"))) {
            if (line.endsWith("}")) { // else just being written
                JsonNode json = JSON.readTree(line);
                Request request = Request.of(json);
                if (which.test(request) && seen.add(json.path("auditID").asText())) {
                    requests.add(request);
                }
            }
        }
        return requests;
    }
}
