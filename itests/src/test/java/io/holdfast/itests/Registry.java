package io.holdfast.itests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** An image registry of a test class's own, with images that it is given; {@code itests/engine/registry help} tells more. */
public final class Registry implements BeforeAllCallback, AfterAllCallback {

    static final String USER = "holdfast";
    static final String PASSWORD = "sesame";

    private static final String CONFIG = "application/vnd.docker.container.image.v1+json";
    private static final String LAYER = "application/vnd.docker.image.rootfs.diff.tar";
    private static final String MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";

    /** As images name it. */
    private static final String ARCHITECTURE = System.getProperty("os.arch").replace("aarch64", "arm64");

    private final String[] options;
    private @Nullable Path directory;

    /** @param options {@code --login}, if it is to ask for {@link #USER} and {@link #PASSWORD} */
    Registry(String... options) {
        this.options = options;
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        directory = Files.createTempDirectory("holdfast-registry");
        script("start", options);
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        script("stop");
    }

    private void script(String command, String... more) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(Agent.property("holdfast.registry.script"), command, directory().toString()));
        words.addAll(List.of(more));
        assertThat(new ProcessBuilder(words).inheritIO().start().waitFor()).as("%s", words).isZero();
    }

    private Path directory() {
        return Objects.requireNonNull(directory, "not started");
    }

    /** Such as {@code 127.0.0.1:23456}. */
    String address() throws IOException {
        return Files.readString(directory().resolve("address")).strip();
    }

    int port() throws IOException {
        return Integer.parseInt(address().replaceFirst(".*:", ""));
    }

    /** It accepts connections, and says nothing, until {@link #resume}. */
    void freeze() throws IOException, InterruptedException {
        signal("STOP");
    }

    void resume() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        String pid = Files.readString(directory().resolve("docker-registry.pid")).strip();
        assertThat(new ProcessBuilder("kill", "-s", name, pid).inheritIO().start().waitFor()).isZero();
    }

    /**
     * Pushes an image with a shell, and with a text in its file {@code /version}.
     *
     * @param name repository and tag, such as {@code team/app:1}
     * @return its reference
     */
    String push(String name, String version) throws IOException, InterruptedException {
        String[] parts = name.split(":", 2);
        byte[] layer = layer(version);
        byte[] config = """
                {"architecture": "%s", "os": "linux", "config": {"Env": ["PATH=/bin"], "Cmd": ["sh"]},
                 "rootfs": {"type": "layers", "diff_ids": ["%s"]}}""".formatted(ARCHITECTURE, digest(layer)).getBytes(UTF_8);
        blob(parts[0], layer);
        blob(parts[0], config);
        byte[] manifest = """
                {"schemaVersion": 2, "mediaType": "%s", "config": {"mediaType": "%s", "size": %d, "digest": "%s"},
                 "layers": [{"mediaType": "%s", "size": %d, "digest": "%s"}]}""".formatted(MANIFEST, CONFIG, config.length,
                digest(config), LAYER, layer.length, digest(layer)).getBytes(UTF_8);
        send("PUT", uri("/v2/" + parts[0] + "/manifests/" + parts[1]), MANIFEST, manifest, 201);
        return address() + "/" + name;
    }

    private void blob(String repository, byte[] content) throws IOException, InterruptedException {
        HttpResponse<String> begun = send("POST", uri("/v2/" + repository + "/blobs/uploads/"), CONFIG, new byte[0], 202);
        String location = begun.headers().firstValue("Location").orElseThrow();
        send("PUT", URI.create(location + (location.contains("?") ? "&" : "?") + "digest=" + digest(content)),
                "application/octet-stream", content, 201);
    }

    private URI uri(String path) throws IOException {
        return URI.create("http://" + address() + path);
    }

    private static HttpResponse<String> send(String method, URI to, String type, byte[] body, int expected)
            throws IOException, InterruptedException {
        String login = Base64.getEncoder().encodeToString((USER + ":" + PASSWORD).getBytes(UTF_8));
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = client.send(HttpRequest.newBuilder(to).method(method, BodyPublishers.ofByteArray(body))
                    .header("Content-Type", type).header("Authorization", "Basic " + login).build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as("%s %s: %s", method, to, answer.body()).isEqualTo(expected);
            return answer;
        }
    }

    /** A tar with busybox. */
    private static byte[] layer(String version) throws IOException, InterruptedException {
        Path root = Files.createTempDirectory("holdfast-image");
        Process tar = new ProcessBuilder("sh", "-ec", """
                mkdir "$0/bin" && cp -L "$(command -v busybox)" "$0/bin/busybox"
                for name in sh cat sleep echo; do ln -s busybox "$0/bin/$name"; done
                printf %s "$1" >"$0/version"
                chmod 755 "$0" && tar -C "$0" --owner=0 --group=0 -cf - . && rm -r "$0"
                """, root.toString(), version).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        byte[] layer = tar.getInputStream().readAllBytes();
        assertThat(tar.waitFor()).isZero();
        return layer;
    }

    private static String digest(byte[] content) {
        try {
            return "sha256:" + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
