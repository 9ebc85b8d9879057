package io.holdfast.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.annotation.Annotation;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.holdfast.kit.log.LogLimits;
import io.holdfast.runtime.ContainerRuntime.ContainerId;
import io.holdfast.runtime.PullAuth;
import io.holdfast.runtime.RuntimeRefused;
import io.holdfast.runtime.RuntimeUnreachable;

/** The connection: what errors mean, versions, interruption, coming back; and the configuration. */
class DockerRuntimeTest {

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final ContainerId C = new ContainerId("c");

    @TempDir
    Path dir;

    private DockerRuntime runtime;

    @BeforeEach
    void connect() {
        runtime = new DockerRuntime("unix://" + socket(), LogLimits.of(DockerRuntime.PID, "10m", 5));
    }

    @AfterEach
    void close() {
        runtime.close();
    }

    private Path socket() {
        return dir.resolve("s");
    }

    // ------------------------------------------------------------------ it cannot be reached

    @Test
    void saysThatThereIsNoSocket() {
        assertThatThrownBy(runtime::pods).isInstanceOf(RuntimeUnreachable.class)
                .hasMessage("cannot reach Docker at unix://" + socket() + ": no such socket");
    }

    @Test
    void saysThatNobodyListens() throws Exception {
        try (ServerSocketChannel left = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            left.bind(UnixDomainSocketAddress.of(socket()));
        }
        assertThatThrownBy(runtime::pods).isInstanceOf(RuntimeUnreachable.class)
                .hasMessageEndingWith("/s: connection refused");
    }

    @Test
    void saysWhoMayUseASocketThatItMayNot() throws Exception { // by hand: root may use any
        Files.setPosixFilePermissions(Files.createFile(socket()), PosixFilePermissions.fromString("rw-rw----"));
        assertThat(Errors.unreachable(new Endpoint(socket()),
                new IllegalStateException(new SocketException("Permission denied")))).message()
                .contains("permission denied").contains(Files.getOwner(socket()).getName()).contains("rw-rw----")
                .contains("this runs as " + System.getProperty("user.name"));
    }

    @Test
    void saysThatItIsNoDocker() throws Exception {
        try (FakeDocker docker = new FakeDocker(socket())) {
            docker.reply("GET /version", 200, "<html>hello</html>");
            assertThatThrownBy(runtime::pods).isInstanceOf(RuntimeUnreachable.class)
                    .hasMessageContaining("it does not speak Docker's API");
            docker.version("other", "nonsense", "1.12");
            assertThatThrownBy(runtime::pods).isInstanceOf(RuntimeUnreachable.class)
                    .hasMessageContaining("it does not speak Docker's API").hasMessageContaining("nonsense");
        }
    }

    @Test
    void saysWhatBothSpeakWhenTheEngineIsTooOldOrTooNew() throws Exception {
        try (FakeDocker docker = new FakeDocker(socket())) {
            docker.version("17.06.0", "1.30", "1.12");
            assertThatThrownBy(runtime::pods).isInstanceOf(RuntimeUnreachable.class).hasMessageEndingWith(
                    "its API is too old: Docker 17.06.0 speaks 1.30 at most, and 1.40 or newer is needed, which Docker "
                            + "19.03 has");
            docker.version("99.0", "1.99", "1.90");
            assertThatThrownBy(runtime::pods).isInstanceOf(RuntimeUnreachable.class).hasMessageEndingWith(
                    "its API is too new: Docker 99.0 speaks 1.90 at least, and this Holdfast knows 1.40 to 1.51");
        }
    }

    @Test
    void theNewestVersionIsSpokenThatBothKnow() {
        assertThat(new ApiVersion("20.10", 41, 12, "amd64").prefix()).isEqualTo("/v1.41");
        assertThat(new ApiVersion("29", 52, 44, "amd64").prefix()).isEqualTo("/v1.51");
    }

    @Test
    void anEngineThatWasReplacedByAnOlderOneIsAskedAgainWhatItSpeaks() throws Exception {
        try (FakeDocker docker = new FakeDocker(socket())) {
            docker.reply("GET /containers/json", 400,
                    "{\"message\": \"client version 1.41 is too new. Maximum supported API version is 1.40\"}");
            assertThatThrownBy(runtime::pods).isInstanceOf(RuntimeUnreachable.class).hasMessageContaining("too new");
            docker.version("19.03", "1.40", "1.12");
            docker.reply("GET /containers/json", 200, "[]");
            assertThat(runtime.pods()).isEmpty();
            assertThat(docker.count("GET /version")).isEqualTo(2);
        }
    }

    @Test
    void theFirstCallAfterItsReturnSucceeds() throws Exception { // R2
        for (int times = 0; times < 3; times++) {
            try (FakeDocker docker = new FakeDocker(socket())) {
                docker.reply("GET /containers/json", 200, "[]");
                assertThat(runtime.pods()).isEmpty();
            }
            assertThatThrownBy(runtime::pods).isInstanceOf(RuntimeUnreachable.class);
        }
    }

    @Test
    void anAnswerThatBreaksOffIsNoAnswer() throws Exception {
        try (FakeDocker docker = new FakeDocker(socket())) {
            docker.reply("GET /containers/json", 200, "[{\"Id\": \"a");
            assertThatThrownBy(runtime::pods).isInstanceOf(RuntimeUnreachable.class);
        }
    }

    @Test
    void anEngineThatIsEndingOrHasLostContainerdIsNotARefusal() throws Exception { // R2
        try (FakeDocker docker = new FakeDocker(socket())) {
            docker.reply("POST /containers/c/start", 500, "{\"message\": \"connection error: desc = \\\"transport: error"
                    + " while dialing: dial unix /run/containerd/containerd.sock: connect: connection refused\\\"\"}");
            assertThatThrownBy(() -> runtime.start(C)).isInstanceOf(RuntimeUnreachable.class)
                    .hasMessageContaining("containerd.sock");
        }
    }

    // ------------------------------------------------------------------ it refuses

    @Test
    void aRefusalIsTheEnginesReasonWithoutItsLayers() throws Exception {
        try (FakeDocker docker = new FakeDocker(socket())) {
            docker.reply("POST /containers/c/start", 400, "{\"message\": \"OCI runtime create failed: "
                    + "container_linux.go:380: starting container process caused: exec: \\\"x\\\": stat x: no such file "
                    + "or directory: unknown\"}");
            assertThatThrownBy(() -> runtime.start(C)).isInstanceOf(RuntimeRefused.class)
                    .hasMessage("exec: \"x\": stat x: no such file or directory");
            docker.reply("POST /containers/c/start", 404, "{\"message\": \"No such container: c\"}");
            assertThatThrownBy(() -> runtime.start(C)).isInstanceOf(RuntimeRefused.class)
                    .hasMessage("No such container: c");
            docker.reply("POST /containers/c/start", 404, "404 page not found\n");
            assertThatThrownBy(() -> runtime.start(C)).isInstanceOf(RuntimeRefused.class)
                    .hasMessage("404 page not found");
        }
    }

    @Test
    void removingWhatSomebodyElseIsRemovingWaitsUntilItIsGone() throws Exception {
        try (FakeDocker docker = new FakeDocker(socket())) {
            docker.reply("DELETE /containers/c", 409,
                    "{\"message\": \"removal of container c is already in progress\"}");
            docker.reply("POST /containers/c/wait?condition=removed", 200, "{\"StatusCode\": 0}");
            runtime.remove(C);
            assertThat(docker.count("POST /containers/c/wait?condition=removed")).isEqualTo(1);
        }
    }

    // ------------------------------------------------------------------ interruption

    @Test
    void interruptingACallClosesItsConnection() throws Exception {
        try (FakeDocker docker = new FakeDocker(socket())) {
            docker.hang("POST /containers/c/stop", " ");
            interrupt(docker, "POST /containers/c/stop", () -> runtime.stop(C, Duration.ofSeconds(30)));
        }
    }

    @Test
    void interruptingAPullClosesItsConnectionSoThatTheEngineGivesItUp() throws Exception {
        try (FakeDocker docker = new FakeDocker(socket())) {
            docker.hang("POST /images/create", "{\"status\": \"Pulling\"}\n");
            interrupt(docker, "POST /images/create", () -> runtime.pull("busybox", PullAuth.NONE));
        }
    }

    private interface Interruptible {
        void run() throws InterruptedException;
    }

    private static void interrupt(FakeDocker docker, String call, Interruptible work) throws Exception {
        AtomicReference<Object> outcome = new AtomicReference<>("nothing");
        Thread thread = Thread.ofVirtual().start(() -> {
            try {
                work.run();
            } catch (InterruptedException | RuntimeException e) {
                outcome.set(e);
            }
        });
        Awaitility.await().atMost(SOON).until(() -> docker.count(call) == 1);
        thread.interrupt();
        assertThat(thread.join(SOON)).isTrue();
        Awaitility.await().atMost(SOON).until(() -> docker.hungUp.value() == 1);
        assertThat(outcome.get()).isInstanceOf(InterruptedException.class);
    }

    // ------------------------------------------------------------------ configuration

    @Test
    void aMisspeltKeyIsRefusedWithTheRightOne() {
        assertThatThrownBy(() -> new DockerRuntime(config("unix:///s", "10m"),
                Map.of("log.maxsize", "1m", "service.pid", "p"))).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("did you mean 'log.max.size'?");
    }

    @Test
    void onlyAUnixSocketIsAnEndpoint() {
        assertThatThrownBy(() -> new DockerRuntime(config("tcp://localhost:2375", "10m"), Map.of()))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("endpoint")
                .hasMessageContaining("expected something like unix:///var/run/docker.sock");
    }

    @Test
    void aSizeThatIsNoneIsRefused() {
        assertThatThrownBy(() -> new DockerRuntime(config("unix:///s", "big"), Map.of()))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("log.max.size");
    }

    /** As Declarative Services would make it. */
    @SuppressWarnings("BadAnnotationImplementation")
    private static DockerConfig config(String endpoint, String logMaxSize) {
        return new DockerConfig() {
            @Override
            public String endpoint() {
                return endpoint;
            }

            @Override
            public String log_max_size() {
                return logMaxSize;
            }

            @Override
            public int log_max_file() {
                return 5;
            }

            @Override
            public Class<? extends Annotation> annotationType() {
                return DockerConfig.class;
            }
        };
    }
}
