package io.holdfast.runtime.cri;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.annotation.Annotation;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.grpc.Status;
import io.holdfast.runtime.ContainerRuntime.ContainerId;
import io.holdfast.runtime.RuntimeRefused;
import io.holdfast.runtime.RuntimeUnreachable;
import io.holdfast.runtime.cri.FakeCri.Services;
import io.holdfast.runtime.cri.wire.StartContainerResponse;

/** The connection: what errors mean, interruption, coming back. */
class CriRuntimeTest {

    private static final Duration SOON = Duration.ofSeconds(10);

    @TempDir
    Path dir;

    private CriRuntime runtime;

    @BeforeEach
    void connect() {
        runtime = new CriRuntime("unix://" + dir.resolve("s"));
    }

    @AfterEach
    void close() {
        runtime.close();
    }

    private FakeCri engine(Services... services) throws Exception {
        return new FakeCri(dir.resolve("s"), services);
    }

    @Test
    void saysThatThereIsNoSocket() {
        assertThatThrownBy(runtime::pods).isInstanceOf(RuntimeUnreachable.class)
                .hasMessage("cannot reach the container engine at unix://" + dir.resolve("s") + ": no such socket");
    }

    @Test
    void saysThatNobodyListens() throws Exception {
        try (ServerSocketChannel left = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            left.bind(UnixDomainSocketAddress.of(dir.resolve("s")));
        }
        assertThatThrownBy(runtime::pods).isInstanceOf(RuntimeUnreachable.class)
                .hasMessageEndingWith("/s: connection refused");
    }

    @Test
    void saysThatItIsNoCri() throws Exception {
        try (FakeCri _ = engine(Services.CONTAINERD)) {
            assertThatThrownBy(runtime::pods).isInstanceOf(RuntimeUnreachable.class)
                    .hasMessageContaining("does not speak CRI v1").hasMessageContaining("cri plugin disabled?");
        }
    }

    @Test
    void isBackAtOnceHoweverLongTheEngineWasAway() throws Exception { // R2
        try (FakeCri _ = engine(Services.CRI)) {
            assertThat(runtime.pods()).isEmpty();
        }
        for (int failures = 0; failures < 30; failures++) { // gRPC's own pause is minutes by then
            assertThatThrownBy(runtime::pods).isInstanceOf(RuntimeUnreachable.class);
        }
        try (FakeCri _ = engine(Services.CRI)) {
            assertThat(runtime.pods()).as("the first call after its return").isEmpty();
        }
    }

    @Test
    void anEngineThatIsStillStartingIsNotARefusal() throws Exception { // R2
        try (FakeCri engine = engine(Services.CRI)) {
            engine.start = Status.UNKNOWN.withDescription("server is not initialized yet");
            assertThatThrownBy(() -> runtime.start(new ContainerId("c"))).isInstanceOf(RuntimeUnreachable.class);
            engine.start = Status.DEADLINE_EXCEEDED.withDescription("too slow");
            assertThatThrownBy(() -> runtime.start(new ContainerId("c"))).isInstanceOf(RuntimeUnreachable.class)
                    .hasMessageContaining("StartContainer").hasMessageContaining("too slow");
        }
    }

    @ParameterizedTest
    @CsvSource({"PullImage,DEADLINE_EXCEEDED", "PullImage,CANCELLED", "RunPodSandbox,DEADLINE_EXCEEDED"})
    void anEngineThatWaitsForARegistryIsThere(String call, Status.Code code) { // C9
        Status said = Status.fromCode(code).withDescription("failed to pull and unpack image \"r.example/a:1\": i/o timeout");
        assertThat(Errors.of(said.asException(), call, Endpoint.parse(dir.resolve("s").toString())))
                .isInstanceOf(RuntimeRefused.class).hasMessage(said.getDescription());
        assertThat(Errors.of(Status.UNAVAILABLE.asException(), call, Endpoint.parse(dir.resolve("s").toString())))
                .isInstanceOf(RuntimeUnreachable.class);
    }

    @Test
    void aRefusalIsTheEnginesReasonWithoutGrpcsWrapping() throws Exception {
        try (FakeCri engine = engine(Services.CRI)) {
            engine.start = Status.UNKNOWN.withDescription(
                    "failed to start: rpc error: code = Unknown desc = exec: \"x\": rpc error: code = A desc = b");
            assertThatThrownBy(() -> runtime.start(new ContainerId("c"))).isInstanceOf(RuntimeRefused.class)
                    .hasMessage("failed to start: exec: \"x\": b");
            engine.start = Status.NOT_FOUND.withDescription("container \"c\": not found");
            assertThatThrownBy(() -> runtime.start(new ContainerId("c"))).isInstanceOf(RuntimeRefused.class)
                    .hasMessage("container \"c\": not found");
        }
    }

    @Test
    void interruptingACallEndsItAtTheEngineToo() throws Exception {
        try (FakeCri engine = engine(Services.CRI)) {
            AtomicReference<Object> outcome = new AtomicReference<>("nothing");
            Thread stopping = Thread.ofVirtual().start(() -> {
                try {
                    runtime.stop(new ContainerId("c"), Duration.ofSeconds(30));
                } catch (InterruptedException | RuntimeException e) {
                    outcome.set(e);
                }
            });
            Awaitility.await().atMost(SOON).until(() -> engine.calls.contains("StopContainer"));
            stopping.interrupt();

            assertThat(stopping.join(SOON)).isTrue();
            assertThat(outcome.get()).isInstanceOf(InterruptedException.class);
            assertThat(engine.stopCancelled.after(0, SOON).value()).isTrue();
        }
    }

    @Test
    void aStartIsNotCutShort() throws Exception { // containerd would kill what it has just started
        try (FakeCri engine = engine(Services.CRI)) {
            engine.start = Status.OK;
            AtomicReference<Object> outcome = new AtomicReference<>("nothing");
            Thread left = starts(outcome);
            engine.starting.after(0, SOON);
            left.interrupt();
            assertThat(left.join(SOON)).isTrue();
            assertThat(outcome.get()).isInstanceOf(InterruptedException.class);

            Thread waiting = starts(outcome);
            var second = engine.starting.after(1, SOON).value().orElseThrow();
            Thread closing = Thread.ofVirtual().start(runtime::close);
            assertThat(closing.join(Duration.ofMillis(100))).as("it waits").isFalse();
            FakeCri.answer(second, StartContainerResponse.getDefaultInstance());
            assertThat(waiting.join(SOON)).isTrue();
            assertThat(outcome.get()).isEqualTo("started");
            assertThat(closing.join(SOON)).as("not for the first one, which was given up").isTrue();
            assertThat(engine.startCancelled.after(0, SOON).value()).as("in the end it was").isTrue();
        }
    }

    private Thread starts(AtomicReference<Object> outcome) {
        return Thread.ofVirtual().start(() -> {
            try {
                runtime.start(new ContainerId("c"));
                outcome.set("started");
            } catch (InterruptedException | RuntimeException e) {
                outcome.set(e);
            }
        });
    }

    @Test
    void aMisspeltKeyIsRefusedWithTheRightOne() {
        assertThatThrownBy(() -> new CriRuntime(config("unix:///s"),
                Map.of("endpiont", "unix:///s", "service.pid", "p"))).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("did you mean 'endpoint'?");
    }

    @Test
    void onlyAUnixSocketIsAnEndpoint() {
        assertThatThrownBy(() -> new CriRuntime(config("tcp://localhost:1"), Map.of()))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("endpoint")
                .hasMessageContaining("expected something like unix:///run/");
    }

    /** As Declarative Services would make it. */
    @SuppressWarnings("BadAnnotationImplementation")
    private static CriConfig config(String endpoint) {
        return new CriConfig() {
            @Override
            public String endpoint() {
                return endpoint;
            }

            @Override
            public String log_max_size() {
                return "10m";
            }

            @Override
            public int log_max_file() {
                return 5;
            }

            @Override
            public Class<? extends Annotation> annotationType() {
                return CriConfig.class;
            }
        };
    }
}
