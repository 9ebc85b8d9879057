package io.holdfast.endpoint;

import java.io.IOException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.ImmediateEventExecutor;

/**
 * Listens: one thread for the network, and a virtual one for each request. Netty, as it alone among the kept HTTP servers
 * tells that a client has left while there is nothing to write to it, as when it follows a log that is quiet.
 */
final class Port implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Port.class);
    /** For a client to take what it was sent last, before the connection ends; also when all is to end. */
    private static final Duration PATIENCE = Duration.ofMillis(300);

    private final EventLoopGroup network = new MultiThreadIoEventLoopGroup(1,
            Thread.ofPlatform().daemon().name("endpoint-network").factory(), NioIoHandler.newFactory());
    private final ChannelGroup connections = new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE, true);
    private final Workers workers = new Workers();
    private final TlsFiles.Current tls;
    private final Requests requests;
    private final int most;

    /** @throws IOException it cannot listen there */
    Port(Settings settings, TlsFiles.Current tls, Requests requests) throws IOException {
        this.tls = tls;
        this.requests = requests;
        this.most = settings.maxConnections();
        ChannelFuture bound = new ServerBootstrap().group(network).channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.ALLOCATOR, new UnpooledByteBufAllocator(false))
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel connection) {
                        accept(connection);
                    }
                }).bind(settings.address(), settings.port()).awaitUninterruptibly();
        connections.add(bound.channel());
        if (!bound.isSuccess()) {
            close();
            throw new IOException(bound.cause() instanceof UnresolvedAddressException
                    ? "there is no such host"
                    : bound.cause().getMessage(), bound.cause());
        }
    }

    @Override
    public void close() {
        connections.close().awaitUninterruptibly(2 * PATIENCE.toMillis());
        workers.close();
        network.shutdownGracefully(0, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(2 * PATIENCE.toMillis());
    }

    private void accept(SocketChannel connection) {
        if (connections.size() > most) { // the port itself is one of them
            LOG.debug("more than {} connections: {} is turned away", most, connection.remoteAddress());
            Future<?> _ = connection.close();
            return;
        }
        connections.add(connection);
        SslHandler encryption = new SslHandler(tls.engine());
        encryption.setCloseNotifyFlushTimeoutMillis(PATIENCE.toMillis());
        connection.pipeline().addLast(encryption, new HttpServerCodec(),
                new Conversation(encryption.engine(), requests, workers));
    }
}
