package io.holdfast.runtime.cri;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

import io.grpc.BindableService;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.holdfast.cell.Cell;
import io.holdfast.runtime.cri.wire.Container;
import io.holdfast.runtime.cri.wire.ContainerEventResponse;
import io.holdfast.runtime.cri.wire.ContainerStatus;
import io.holdfast.runtime.cri.wire.ContainerStatusRequest;
import io.holdfast.runtime.cri.wire.ContainerStatusResponse;
import io.holdfast.runtime.cri.wire.Envelope;
import io.holdfast.runtime.cri.wire.EventsGrpc;
import io.holdfast.runtime.cri.wire.ExecSyncRequest;
import io.holdfast.runtime.cri.wire.ExecSyncResponse;
import io.holdfast.runtime.cri.wire.GetEventsRequest;
import io.holdfast.runtime.cri.wire.ListContainersRequest;
import io.holdfast.runtime.cri.wire.ListContainersResponse;
import io.holdfast.runtime.cri.wire.ListPodSandboxRequest;
import io.holdfast.runtime.cri.wire.ListPodSandboxResponse;
import io.holdfast.runtime.cri.wire.PodSandbox;
import io.holdfast.runtime.cri.wire.PodSandboxStatus;
import io.holdfast.runtime.cri.wire.PodSandboxStatusRequest;
import io.holdfast.runtime.cri.wire.PodSandboxStatusResponse;
import io.holdfast.runtime.cri.wire.RuntimeServiceGrpc;
import io.holdfast.runtime.cri.wire.StartContainerRequest;
import io.holdfast.runtime.cri.wire.StartContainerResponse;
import io.holdfast.runtime.cri.wire.StopContainerRequest;
import io.holdfast.runtime.cri.wire.StopContainerResponse;
import io.holdfast.runtime.cri.wire.SubscribeRequest;
import io.holdfast.runtime.cri.wire.VersionRequest;
import io.holdfast.runtime.cri.wire.VersionResponse;

/** A gRPC server that says what a test tells it to say. */
@SuppressWarnings("deprecation") // see Connection
final class FakeCri implements AutoCloseable {

    final Map<String, PodSandbox> sandboxes = new ConcurrentHashMap<>();
    final Map<String, Container> containers = new ConcurrentHashMap<>();
    final Map<String, ContainerStatus> statuses = new ConcurrentHashMap<>();
    final Map<String, PodSandboxStatus> sandboxStatuses = new ConcurrentHashMap<>();
    /** Names of the calls that came, in order. */
    final List<String> calls = new CopyOnWriteArrayList<>();
    final Cell<Optional<StreamObserver<ContainerEventResponse>>> criEvents = new Cell<>(Optional.empty());
    final Cell<Optional<StreamObserver<Envelope>>> containerdEvents = new Cell<>(Optional.empty());
    final Cell<Boolean> stopCancelled = new Cell<>(false);
    /** A StartContainer that is under way. */
    final Cell<Optional<StreamObserver<StartContainerResponse>>> starting = new Cell<>(Optional.empty());
    final Cell<Boolean> startCancelled = new Cell<>(false);
    /** What StartContainer fails with; if that is OK it waits in {@link #starting} for its answer. */
    volatile Status start = Status.UNKNOWN;
    /** How a command is run; at first it never ends. */
    volatile BiConsumer<ExecSyncRequest, StreamObserver<ExecSyncResponse>> exec = (_, _) -> {
    };

    private final EventLoopGroup loop = new NioEventLoopGroup(1);
    private final Path socket;
    private final Server server;

    FakeCri(Path socket, Services... services) throws IOException {
        this.socket = socket;
        NettyServerBuilder builder = NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(socket))
                .channelType(NioServerDomainSocketChannel.class).bossEventLoopGroup(loop).workerEventLoopGroup(loop)
                .withChildOption(ChannelOption.SO_KEEPALIVE, null).intercept(new Recorder());
        for (Services service : services) {
            builder.addService(service(service));
        }
        server = builder.build().start();
    }

    enum Services {
        CRI, CRI_WITH_EVENTS, CONTAINERD
    }

    private BindableService service(Services which) {
        return switch (which) {
            case CRI -> new Cri();
            case CRI_WITH_EVENTS -> new Cri() {
                @Override
                public void getContainerEvents(GetEventsRequest request, StreamObserver<ContainerEventResponse> to) {
                    criEvents.set(Optional.of(to));
                }
            };
            case CONTAINERD -> new EventsGrpc.EventsImplBase() {
                @Override
                public void subscribe(SubscribeRequest request, StreamObserver<Envelope> to) {
                    containerdEvents.set(Optional.of(to));
                }
            };
        };
    }

    private class Cri extends RuntimeServiceGrpc.RuntimeServiceImplBase {

        @Override
        public void version(VersionRequest request, StreamObserver<VersionResponse> to) {
            answer(to, VersionResponse.newBuilder().setRuntimeName("fake").build());
        }

        @Override
        public void listPodSandbox(ListPodSandboxRequest request, StreamObserver<ListPodSandboxResponse> to) {
            answer(to, ListPodSandboxResponse.newBuilder().addAllItems(sandboxes.values()).build());
        }

        @Override
        public void listContainers(ListContainersRequest request, StreamObserver<ListContainersResponse> to) {
            answer(to, ListContainersResponse.newBuilder().addAllContainers(containers.values()).build());
        }

        @Override
        public void podSandboxStatus(PodSandboxStatusRequest request, StreamObserver<PodSandboxStatusResponse> to) {
            PodSandboxStatus status = sandboxStatuses.get(request.getPodSandboxId());
            if (status == null) {
                to.onError(Status.NOT_FOUND.asException());
            } else {
                answer(to, PodSandboxStatusResponse.newBuilder().setStatus(status).build());
            }
        }

        @Override
        public void containerStatus(ContainerStatusRequest request, StreamObserver<ContainerStatusResponse> to) {
            ContainerStatus status = statuses.get(request.getContainerId());
            if (status == null) {
                to.onError(Status.NOT_FOUND.asException());
            } else {
                answer(to, ContainerStatusResponse.newBuilder().setStatus(status).build());
            }
        }

        @Override
        public void startContainer(StartContainerRequest request, StreamObserver<StartContainerResponse> to) {
            if (start.isOk()) {
                ((ServerCallStreamObserver<StartContainerResponse>) to)
                        .setOnCancelHandler(() -> startCancelled.set(true));
                starting.set(Optional.of(to));
            } else {
                to.onError(start.asException());
            }
        }

        @Override
        public void execSync(ExecSyncRequest request, StreamObserver<ExecSyncResponse> to) {
            exec.accept(request, to);
        }

        /** Never answers. */
        @Override
        public void stopContainer(StopContainerRequest request, StreamObserver<StopContainerResponse> to) {
            ((ServerCallStreamObserver<StopContainerResponse>) to)
                    .setOnCancelHandler(() -> stopCancelled.set(true));
        }
    }

    private final class Recorder implements ServerInterceptor {
        @Override
        public <Q, R> ServerCall.Listener<Q> interceptCall(ServerCall<Q, R> call, Metadata headers,
                ServerCallHandler<Q, R> next) {
            calls.add(String.valueOf(call.getMethodDescriptor().getBareMethodName()));
            return next.startCall(call, headers);
        }
    }

    static <R> void answer(StreamObserver<R> to, R answer) {
        to.onNext(answer);
        to.onCompleted();
    }

    @Override
    public void close() throws InterruptedException, IOException {
        server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        var _ = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        Files.deleteIfExists(socket);
    }
}
