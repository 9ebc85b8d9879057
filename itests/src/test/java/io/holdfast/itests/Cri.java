package io.holdfast.itests;

import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.nio.NioEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.holdfast.runtime.cri.wire.Container;
import io.holdfast.runtime.cri.wire.ContainerState;
import io.holdfast.runtime.cri.wire.ContainerStatus;
import io.holdfast.runtime.cri.wire.ContainerStatusRequest;
import io.holdfast.runtime.cri.wire.Image;
import io.holdfast.runtime.cri.wire.ImageServiceGrpc;
import io.holdfast.runtime.cri.wire.ListContainersRequest;
import io.holdfast.runtime.cri.wire.ListImagesRequest;
import io.holdfast.runtime.cri.wire.ListPodSandboxRequest;
import io.holdfast.runtime.cri.wire.PodSandbox;
import io.holdfast.runtime.cri.wire.RuntimeServiceGrpc;

/** A plain CRI client, for tests to see what runs without asking the agent. */
@SuppressWarnings("deprecation") // the event loop that Netty recommends instead brings a second API for nothing
public final class Cri implements AutoCloseable {

    private final NioEventLoopGroup loop = new NioEventLoopGroup(1);
    private final ManagedChannel channel;
    private final RuntimeServiceGrpc.RuntimeServiceBlockingStub stub;

    public Cri(Path socket) {
        channel = NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
                .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class).eventLoopGroup(loop)
                .overrideAuthority("localhost").usePlaintext().build();
        stub = RuntimeServiceGrpc.newBlockingStub(channel);
    }

    public RuntimeServiceGrpc.RuntimeServiceBlockingStub calls() {
        return stub.withDeadlineAfter(60, TimeUnit.SECONDS).withWaitForReady();
    }

    List<Image> images() {
        return ImageServiceGrpc.newBlockingStub(channel).withDeadlineAfter(60, TimeUnit.SECONDS)
                .listImages(ListImagesRequest.getDefaultInstance()).getImagesList();
    }

    public List<PodSandbox> sandboxes() {
        return calls().listPodSandbox(ListPodSandboxRequest.getDefaultInstance()).getItemsList();
    }

    public List<PodSandbox> sandboxes(String pod) {
        return sandboxes().stream().filter(s -> s.getMetadata().getName().equals(pod)).toList();
    }

    public List<Container> containers() {
        return calls().listContainers(ListContainersRequest.getDefaultInstance()).getContainersList();
    }

    /** All containers of a pod, dead ones too. */
    public List<Container> containers(String pod) {
        return containers().stream().filter(c -> pod.equals(c.getLabelsMap().get("io.kubernetes.pod.name"))).toList();
    }

    public List<Container> running() {
        return containers().stream().filter(c -> c.getState() == ContainerState.CONTAINER_RUNNING).toList();
    }

    public List<Container> running(String pod) {
        return containers(pod).stream().filter(c -> c.getState() == ContainerState.CONTAINER_RUNNING).toList();
    }

    public ContainerStatus status(String container) {
        return calls().containerStatus(ContainerStatusRequest.newBuilder().setContainerId(container).build())
                .getStatus();
    }

    @Override
    public void close() {
        channel.shutdownNow();
        var _ = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
