package io.holdfast.runtime.docker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.holdfast.runtime.ImageStore.Stored;
import io.holdfast.runtime.PullAuth;
import io.holdfast.runtime.RuntimeRefused;

/** Images, and names that are taken. */
class ImagesTest {

    @TempDir
    Path dir;

    private FakeDocker docker;
    private Engine engine;
    private Images images;

    @BeforeEach
    void connect() throws Exception {
        docker = new FakeDocker(dir.resolve("s"));
        engine = new Engine(new Endpoint(dir.resolve("s")));
        images = new Images(engine);
    }

    @AfterEach
    void close() throws Exception {
        engine.close();
        docker.close();
    }

    @Test
    void aPullBringsTheImageThatWasAskedFor() throws Exception {
        docker.reply("POST /images/create", 200, "{\"status\": \"Pulling\"}\r\n{\"status\": \"done\"}\r\n");
        docker.reply("GET /images/reg.example:5000/a/b:1/json", 200,
                "{\"Id\": \"sha256:1\", \"Size\": 42, \"Config\": {\"User\": \"app\"}}");
        var image = images.pull("reg.example:5000/a/b:1", PullAuth.NONE);
        assertThat(image.id()).isEqualTo("sha256:1");
        assertThat(image.user()).isEqualTo("app");
        assertThat(image.bytes()).isEqualTo(42);
        FakeDocker.Call pull = docker.calls.value().get(1);
        assertThat(pull.target()).isEqualTo("/images/create?fromImage=reg.example:5000/a/b:1");
        assertThat(pull.headers()).doesNotContainKey("x-registry-auth");
    }

    @Test
    void imagesAreListedWithWhoeverNeedsThem() throws Exception { // G1
        docker.reply("GET /containers/json?all=1", 200, "[{\"Id\": \"c\", \"ImageID\": \"sha256:1\"}]");
        docker.reply("GET /images/json", 200, """
                [{"Id": "sha256:1", "RepoTags": ["a:1", "b:1"], "RepoDigests": ["a@sha256:7"], "Size": 42},
                 {"Id": "sha256:2", "RepoTags": ["<none>:<none>"], "RepoDigests": null, "Size": 43},
                 {"Id": "sha256:3", "RepoTags": ["%s"], "Size": 44}]""".formatted(PauseImage.REFERENCE));
        assertThat(images.all()).containsExactly(new Stored("sha256:1", List.of("a:1", "b:1", "a@sha256:7"), 42, true),
                new Stored("sha256:2", List.of(), 43, false), new Stored("sha256:3", List.of(PauseImage.REFERENCE), 44, true));
    }

    @Test
    void anImageIsRemovedByEachOfItsNamesAndNotByForce() throws Exception { // G1
        docker.reply("GET /images/sha256:1/json", 200, "{\"Id\": \"sha256:1\", \"RepoTags\": [\"a:1\", \"r.io/b:1\"]}");
        docker.reply("DELETE /images/", 200, "[]");
        docker.reply("DELETE /images/sha256:1", 404, "{\"message\": \"No such image\"}");
        images.remove("sha256:1");
        assertThat(docker.calls.value()).extracting(FakeDocker.Call::words).endsWith("DELETE /images/a:1", "DELETE /images/r.io/b:1",
                "DELETE /images/sha256:1");
    }

    @Test
    void anImageThatIsInUseStays() {
        docker.reply("GET /images/sha256:1/json", 200, "{\"Id\": \"sha256:1\", \"RepoTags\": [\"a:1\"]}");
        docker.reply("DELETE /images/a:1", 409, "{\"message\": \"conflict: container c is using it\"}");
        assertThatThrownBy(() -> images.remove("sha256:1")).isInstanceOf(RuntimeRefused.class).hasMessageContaining("is using it");
    }

    @Test
    void theDiskIsTheOneThatDockersFilesAreOn() throws Exception { // G1
        docker.reply("GET /info", 200, "{\"DockerRootDir\": \"" + dir + "\"}");
        assertThat(images.space().capacity()).isEqualTo(Files.getFileStore(dir).getTotalSpace());
        docker.reply("GET /info", 200, "{\"DockerRootDir\": \"" + dir.resolve("gone") + "\"}");
        assertThatThrownBy(() -> images.space()).isInstanceOf(RuntimeRefused.class).hasMessageContaining(dir.resolve("gone").toString());
    }

    @Test
    void withoutATagOnlyTheLatestIsPulled() {
        assertThat(Images.withTag("busybox")).isEqualTo("busybox:latest");
        assertThat(Images.withTag("localhost:5000/a")).isEqualTo("localhost:5000/a:latest");
        assertThat(Images.withTag("localhost:5000/a:1")).isEqualTo("localhost:5000/a:1");
        assertThat(Images.withTag("a@sha256:0")).isEqualTo("a@sha256:0");
    }

    @Test
    void aPullThatFailsUnderWayIsRefusedWithTheEnginesReason() {
        docker.reply("POST /images/create", 200, """
                {"status": "Downloading"}
                {"errorDetail": {"message": "x"}, "error": "failed to register layer: write /f: no space left on device"}
                """);
        assertThatThrownBy(() -> images.pull("a:1", PullAuth.NONE)).isInstanceOf(RuntimeRefused.class)
                .hasMessage("failed to register layer: write /f: no space left on device");
    }

    @Test
    void aPullThatIsRefusedAtOnceIsToo() {
        docker.reply("POST /images/create", 404,
                "{\"message\": \"pull access denied for a, repository does not exist or may require 'docker login'\"}");
        assertThatThrownBy(() -> images.pull("a:1", PullAuth.NONE)).isInstanceOf(RuntimeRefused.class)
                .hasMessageStartingWith("pull access denied for a");
    }

    @Test
    void aRegistryThatWantsItIsToldWhoPulls() {
        docker.reply("POST /images/create", 200, "");
        assertThatThrownBy(() -> images.pull("reg.example/a:1", new PullAuth("me", "s3cret/+")))
                .isInstanceOf(RuntimeRefused.class).hasMessageContaining("was pulled, but is not there");
        String auth = docker.calls.value().get(1).headers().get("x-registry-auth");
        assertThat(new String(Base64.getUrlDecoder().decode(auth), UTF_8)).contains("\"username\":\"me\"",
                "\"password\":\"s3cret/+\"", "\"serveraddress\":\"reg.example\"");
        assertThat(Images.registry("a/b:1")).isEqualTo("https://index.docker.io/v1/");
        assertThat(Images.registry("localhost/b:1")).isEqualTo("localhost");
    }

    // ------------------------------------------------------------------ names

    private void nameIsTaken(String by) {
        docker.reply("POST /containers/create", 409, "{\"message\": \"Conflict. The name is already in use\"}");
        docker.reply("GET /containers/k8s_x/json", by.isEmpty() ? 404 : 200, by);
    }

    @Test
    void aNameThatAnothersContainerHasIsAClearError() {
        nameIsTaken("{\"Id\": \"0123456789abcdef\", \"Config\": {\"Image\": \"nginx\", \"Labels\": {}}}");
        assertThatThrownBy(() -> new Creation(engine).container("k8s_x", Map.of())).isInstanceOf(RuntimeRefused.class)
                .hasMessage("the name k8s_x is taken by container 0123456789ab of image nginx, which is not Holdfast's "
                        + "and is left alone; rename or remove it and the pod goes on");
        assertThat(docker.calls.value()).noneMatch(c -> c.method().equals("DELETE"));
    }

    @Test
    void oneOfOursIsThereAlreadyAndTheNextLookFindsIt() {
        nameIsTaken("{\"Id\": \"0123456789abcdef\", \"Config\": {\"Labels\": {\"io.holdfast.managed\": \"true\"}}}");
        assertThatThrownBy(() -> new Creation(engine).container("k8s_x", Map.of())).isInstanceOf(RuntimeRefused.class)
                .hasMessage("k8s_x is there already, container 0123456789ab");
    }

    @Test
    void oneThatIsJustBeingMadeOrRemovedIsTheEnginesReason() {
        nameIsTaken("");
        assertThatThrownBy(() -> new Creation(engine).container("k8s_x", Map.of())).isInstanceOf(RuntimeRefused.class)
                .hasMessage("Conflict. The name is already in use");
    }
}
