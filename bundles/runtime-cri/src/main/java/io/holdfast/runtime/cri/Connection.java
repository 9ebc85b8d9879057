package io.holdfast.runtime.cri;

import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.InvalidProtocolBufferException;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptors;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.buffer.UnpooledByteBufAllocator;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import io.grpc.stub.BlockingClientCall;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.holdfast.cell.Cell;

/**
 * gRPC over the engine's Unix socket. One I/O thread; callers block on threads of their own and may be interrupted,
 * which cancels the call at the engine. A lost connection is made anew by the next call.
 */
final class Connection implements AutoCloseable {

    /** The kubelet's; a list of some thousand containers is bigger than gRPC's 4 MiB. */
    private static final int MAX_MESSAGE = 16 << 20;
    /** For calls that are not to be cut short, which take a tenth of it as a rule: a bundle has a second to stop. */
    private static final Duration PATIENCE = Duration.ofMillis(800);

    /** containerd keeps what it does for CRI in this namespace. */
    static final String NAMESPACE = "k8s.io";
    private static final Metadata OF_CRI = new Metadata();

    static {
        OF_CRI.put(Metadata.Key.of("containerd-namespace", Metadata.ASCII_STRING_MARSHALLER), NAMESPACE);
    }

    private final Endpoint endpoint;
    private final EventLoopGroup loop;
    private final ManagedChannel channel;
    /** How many calls are under way that are not to be cut short. */
    private final Cell<Integer> whole = new Cell<>(0);

    @SuppressWarnings("deprecation") // the event loop that Netty recommends instead brings a second API for nothing
    Connection(Endpoint endpoint) {
        this.endpoint = endpoint;
        loop = new NioEventLoopGroup(1, new DefaultThreadFactory("cri-io", true));
        // Few and small messages: pooled buffers would hold megabytes for nothing.
        channel = NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(endpoint.socket()))
                .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class).eventLoopGroup(loop)
                .withOption(ChannelOption.ALLOCATOR, UnpooledByteBufAllocator.DEFAULT)
                .withOption(ChannelOption.SO_KEEPALIVE, null) // gRPC sets it, and Netty warns that this socket has none
                .overrideAuthority("localhost")
                .usePlaintext().directExecutor().maxInboundMessageSize(MAX_MESSAGE).build();
    }

    Endpoint endpoint() {
        return endpoint;
    }

    /** An answer that is still to come. */
    final class Pending<R> {

        private final String call;
        private final ListenableFuture<R> future;

        private Pending(String call, ListenableFuture<R> future) {
            this.call = call;
            this.future = future;
        }

        /** @throws StatusRuntimeException as gRPC says it */
        private R raw() throws InterruptedException {
            try {
                return answer();
            } finally {
                future.cancel(true);
            }
        }

        private R answer() throws InterruptedException {
            try {
                return future.get();
            } catch (ExecutionException e) {
                throw e.getCause() instanceof StatusRuntimeException said ? said : new IllegalStateException(e);
            }
        }

        R get() throws InterruptedException {
            try {
                return raw();
            } catch (StatusRuntimeException e) {
                throw Errors.of(e, call, endpoint);
            }
        }

        /** As {@link #get}, but whoever is interrupted leaves the call to the engine. */
        private R whole() throws InterruptedException {
            whole.update(n -> n + 1);
            future.addListener(() -> whole.update(n -> n - 1), Runnable::run);
            try {
                return answer();
            } catch (StatusRuntimeException e) {
                throw Errors.of(e, call, endpoint);
            }
        }

        /** As {@link #get}, but {@code otherwise} when the engine knows no such thing. */
        R orIfGone(R otherwise) throws InterruptedException {
            return unless(Errors::isNotFound).orElse(otherwise);
        }

        /** As {@link #get}, but empty after an error that is expected. */
        Optional<R> unless(Predicate<Throwable> expected) throws InterruptedException {
            try {
                return Optional.of(raw());
            } catch (StatusRuntimeException e) {
                if (expected.test(e)) {
                    return Optional.empty();
                }
                throw Errors.of(e, call, endpoint);
            }
        }
    }

    /** Sends a request and returns at once. */
    <Q, R> Pending<R> begin(MethodDescriptor<Q, R> method, Q request, Duration limit) {
        return begin(method, request, limit, MAX_MESSAGE);
    }

    /** As {@link #begin}, of one of containerd's own services, which want to be told whose containers are meant. */
    <Q, R> Pending<R> beginOfContainerd(MethodDescriptor<Q, R> method, Q request, Duration limit) {
        reconnectIfLost();
        return new Pending<>(nameOf(method), ClientCalls.futureUnaryCall(
                ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(OF_CRI))
                        .newCall(method, options(limit)), request));
    }

    /** @param most bytes of an answer; a longer one is an error */
    <Q, R> Pending<R> begin(MethodDescriptor<Q, R> method, Q request, Duration limit, int most) {
        CallOptions options = options(limit).withMaxInboundMessageSize(most);
        return new Pending<>(nameOf(method), ClientCalls.futureUnaryCall(call(method, options), request));
    }

    <Q, R> R call(MethodDescriptor<Q, R> method, Q request, Duration limit) throws InterruptedException {
        return begin(method, request, limit).get();
    }

    /**
     * As {@link #call}, for what must not be cut short: an interrupt ends the wait and not the call, and {@link #close}
     * waits for the answer, though not for long.
     */
    <Q, R> R callWhole(MethodDescriptor<Q, R> method, Q request, Duration limit) throws InterruptedException {
        return begin(method, request, limit).whole();
    }

    /**
     * Passes on what the engine sends, on the calling thread, until interrupted.
     *
     * @param begun is called once the request was sent
     * @return false: the engine has no such stream
     */
    <Q, R> boolean stream(MethodDescriptor<Q, R> method, Q request, Begun begun, Each<R> each)
            throws InterruptedException {
        reconnectIfLost();
        BlockingClientCall<Q, R> call = ClientCalls.blockingV2ServerStreamingCall(channel, method, CallOptions.DEFAULT,
                request);
        try {
            begun.run();
            for (R answer = call.read(); answer != null; answer = call.read()) {
                each.take(answer);
            }
            throw Errors.of(Status.UNAVAILABLE.withDescription("the event stream has ended").asException(),
                    nameOf(method), endpoint);
        } catch (StatusException e) {
            if (Errors.isUnimplemented(e)) {
                return false;
            }
            throw Errors.of(e, nameOf(method), endpoint);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("cannot read what " + endpoint + " sends by " + nameOf(method), e);
        } finally {
            call.cancel("no longer wanted", null);
        }
    }

    interface Begun {
        void run() throws InterruptedException;
    }

    interface Each<R> {
        void take(R answer) throws InterruptedException, InvalidProtocolBufferException;
    }

    private <Q, R> ClientCall<Q, R> call(MethodDescriptor<Q, R> method, CallOptions options) {
        reconnectIfLost();
        return channel.newCall(method, options);
    }

    /** gRPC alone would refuse calls, without trying, for a time that grows to minutes. */
    private void reconnectIfLost() {
        if (channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE) {
            channel.enterIdle();
        }
    }

    private static CallOptions options(Duration limit) {
        return CallOptions.DEFAULT.withDeadlineAfter(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static String nameOf(MethodDescriptor<?, ?> method) {
        return method.getBareMethodName() == null ? method.getFullMethodName() : method.getBareMethodName();
    }

    @Override
    public void close() {
        awaitWhole();
        channel.shutdownNow();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    }

    private void awaitWhole() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        boolean interrupted = false;
        for (Cell.Versioned<Integer> now = whole.current(); now.value() > 0
                && System.nanoTime() < deadline; now = whole.current()) {
            try {
                whole.after(now.version(), Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
            } catch (InterruptedException _) {
                interrupted = true; // to be told when all is done
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
