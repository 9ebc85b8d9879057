package io.holdfast.itests;

import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** Docker, with requests and answers of its HTTP API as they are. */
public final class DockerEngine implements Engine {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ANNOTATION = "annotation.";
    private static final Duration SWEPT = Duration.ofMinutes(1);

    private final Path socket;

    public DockerEngine(Path socket) {
        this.socket = socket;
    }

    @Override
    public String runtime() {
        return "docker";
    }

    @Override
    public Path socket() {
        return socket;
    }

    @Override
    public List<Sandbox> sandboxes() {
        return ofType("podsandbox").map(c -> new Sandbox(c.path("Id").asText(), name(c)[2], name(c)[4], labels(c),
                annotations(c))).toList();
    }

    @Override
    public List<Container> containers() {
        return ofType("container").map(c -> new Container(c.path("Id").asText(), name(c)[2],
                Integer.parseInt(name(c)[5]), c.path("State").asText().equals("running"), labels(c), annotations(c)))
                .toList();
    }

    private Stream<JsonNode> ofType(String type) {
        return all().filter(c -> type.equals(labels(c).get("io.kubernetes.docker.type")));
    }

    private Stream<JsonNode> all() {
        return StreamSupport.stream(call("GET", "/containers/json?all=true", "").spliterator(), false);
    }

    /** In {@code k8s_CONTAINER_POD_NAMESPACE_UID_ATTEMPT}, no part has an underscore. */
    private static String[] name(JsonNode container) {
        String name = container.at("/Names/0").asText();
        String[] parts = name.split("_", -1);
        if (parts.length != 6 || !parts[0].equals("/k8s")) {
            throw new AssertionError("a container of a pod has the name " + name);
        }
        return parts;
    }

    private static Map<String, String> labels(JsonNode container) {
        return labels(container, key -> !key.startsWith(ANNOTATION));
    }

    private static Map<String, String> annotations(JsonNode container) {
        return labels(container, key -> key.startsWith(ANNOTATION));
    }

    private static Map<String, String> labels(JsonNode container, Predicate<String> which) {
        return container.path("Labels").properties().stream().filter(l -> which.test(l.getKey()))
                .collect(Collectors.toMap(l -> l.getKey().replaceFirst("^annotation\\.", ""),
                        l -> l.getValue().asText()));
    }

    @Override
    public String exec(String container, String... command) {
        String id = call("POST", "/containers/" + container + "/exec", JSON.createObjectNode()
                .put("AttachStdout", true).put("AttachStderr", true)
                .set("Cmd", JSON.valueToTree(command)).toString()).path("Id").asText();
        byte[] answer = exchange("POST", "/exec/" + id + "/start", "{}");
        int begin = new String(answer, StandardCharsets.ISO_8859_1).indexOf("\r\n\r\n") + 4;
        return unframed(ByteBuffer.wrap(answer, begin, answer.length - begin));
    }

    /** Of stdout and stderr in turn: a byte that says which, three zeros, four bytes of length, so much text. */
    private static String unframed(ByteBuffer frames) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        while (frames.remaining() > Long.BYTES) {
            byte[] frame = new byte[frames.position(frames.position() + Integer.BYTES).getInt()];
            frames.get(frame);
            text.writeBytes(frame);
        }
        return text.toString(StandardCharsets.UTF_8);
    }

    @Override
    public List<String> images() {
        return StreamSupport.stream(call("GET", "/images/json", "").spliterator(), false)
                .flatMap(image -> StreamSupport.stream(image.path("RepoTags").spliterator(), false)).map(JsonNode::asText).toList();
    }

    @Override
    public void kill(String container) {
        call("POST", "/containers/" + container + "/kill", "");
    }

    @Override
    public void sweep() {
        await().atMost(SWEPT).ignoreException(IllegalStateException.class).until(() -> { // just being removed: refused
            all().parallel().forEach(c -> call("DELETE", "/containers/" + c.path("Id").asText() + "?force=true&v=true", ""));
            return all().findAny().isEmpty();
        });
    }

    @Override
    public String runForeign(String pod) {
        String id = call("POST", "/containers/create?name=k8s_POD_" + pod + "_default_foreign_0", """
                {"Image": "%s", "Cmd": ["sleep", "3600"], "HostConfig": {"NetworkMode": "host"},
                 "Labels": {"io.kubernetes.docker.type": "podsandbox", "io.kubernetes.pod.name": "%s",
                            "io.kubernetes.pod.namespace": "default"}}""".formatted(Agent.IMAGE, pod))
                .path("Id").asText();
        call("POST", "/containers/" + id + "/start", "");
        return id;
    }

    void removeImage(String image) {
        call("DELETE", "/images/" + image, "");
    }

    public JsonNode call(String method, String path, String body) {
        try {
            return read(method + " " + path, new String(exchange(method, path, body), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("Docker on " + socket + ": " + e.getMessage(), e);
        }
    }

    /** With HTTP/1.0 an answer ends where the connection does. */
    private byte[] exchange(String method, String path, String body) {
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        String head = method + " " + path + " HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: "
                + content.length + "\r\n\r\n";
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            var out = Channels.newOutputStream(channel);
            out.write(head.getBytes(StandardCharsets.UTF_8));
            out.write(content);
            return Channels.newInputStream(channel).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("Docker on " + socket + ": " + e.getMessage(), e);
        }
    }

    private static JsonNode read(String request, String answer) throws IOException {
        String[] parts = answer.split("\r\n\r\n", 2);
        if (!parts[0].matches("(?s)HTTP/1.. 2.*")) {
            throw new IllegalStateException("Docker refuses " + request + ": " + answer);
        }
        return JSON.readTree(parts[1]);
    }

    @Override
    public void close() {
        // a connection is one call long
    }
}
