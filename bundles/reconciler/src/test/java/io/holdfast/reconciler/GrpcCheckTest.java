package io.holdfast.reconciler;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.holdfast.pod.Handler;
import io.holdfast.reconciler.Handlers.Outcome;
import io.holdfast.runtime.ContainerRuntime.ContainerId;
import io.holdfast.testkit.FakeRuntime;

/** Behaviour P1, against a real gRPC server. */
@Timeout(60)
class GrpcCheckTest {

    private static final String LONG = "long.".repeat(50);

    private final Handlers handlers = new Handlers(new FakeRuntime(), new ContainerId("c1"), "127.0.0.1");
    private Server server;

    @BeforeEach
    void start() throws IOException {
        server = server("grpc.health.v1.Health");
    }

    @AfterEach
    void stop() {
        server.shutdownNow();
    }

    private static Server server(String name) throws IOException {
        return NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)).addService(ServerServiceDefinition
                .builder(name)
                .addMethod(MethodDescriptor.newBuilder(new Bytes(), new Bytes()).setType(MethodDescriptor.MethodType.UNARY)
                        .setFullMethodName(name + "/Check").build(), ServerCalls.asyncUnaryCall(GrpcCheckTest::answer))
                .build()).build().start();
    }

    private static void answer(byte[] request, StreamObserver<byte[]> to) {
        int prefix = request.length > 130 ? 3 : 2;
        String service = request.length == 0 ? "" : new String(request, prefix, request.length - prefix, StandardCharsets.UTF_8);
        switch (service) {
            case "unknown" -> to.onError(Status.NOT_FOUND.asRuntimeException());
            case "slow" -> {
                return; // never
            }
            default -> {
                to.onNext(switch (service) {
                    case "" -> new byte[] {8, 1};
                    case "bad" -> new byte[] {8, 2};
                    default -> service.equals(LONG) ? new byte[] {8, 1} : new byte[0];
                });
                to.onCompleted();
            }
        }
    }

    private Outcome probe(String service, Duration timeout) throws InterruptedException {
        return handlers.probe(new Handler.Grpc(server.getPort(), service), timeout);
    }

    private Outcome probe(String service) throws InterruptedException {
        return probe(service, Duration.ofSeconds(10));
    }

    @Test
    void aServiceThatServesIsASuccess() throws InterruptedException {
        assertThat(probe("")).isEqualTo(new Outcome.Success());
        assertThat(probe(LONG)).isEqualTo(new Outcome.Success());
        assertThat(handlers.probe(new Handler.Grpc(server.getPort(), null), Duration.ofSeconds(10)))
                .isEqualTo(new Outcome.Success());
    }

    @Test
    void anyOtherAnswerIsAFailure() throws InterruptedException {
        assertThat(probe("bad")).isEqualTo(new Outcome.Failure("service unhealthy (responded with \"NOT_SERVING\")"));
        assertThat(probe("zero")).isEqualTo(new Outcome.Failure("service unhealthy (responded with \"UNKNOWN\")"));
        assertThat(probe("unknown")).isInstanceOfSatisfying(Outcome.Failure.class,
                f -> assertThat(f.message()).contains("does not know the service"));
    }

    @Test
    void noAnswerInTimeIsAFailure() throws InterruptedException {
        assertThat(probe("slow", Duration.ofSeconds(1)))
                .isEqualTo(new Outcome.Failure("timeout: health rpc did not complete within 1s"));
    }

    @Test
    void aServerWithoutTheServiceAndNoServerAtAllAreFailures() throws Exception {
        server.shutdownNow();
        server = server("other.Service");
        assertThat(probe("")).isInstanceOf(Outcome.Failure.class);
        int port = server.getPort();
        server.shutdownNow().awaitTermination();
        assertThat(handlers.probe(new Handler.Grpc(port, ""), Duration.ofSeconds(10)))
                .isEqualTo(new Outcome.Failure("dial tcp 127.0.0.1:" + port + ": connect: connection refused"));
    }

    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {

        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
