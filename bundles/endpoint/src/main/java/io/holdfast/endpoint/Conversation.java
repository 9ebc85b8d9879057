package io.holdfast.endpoint;

import java.io.IOException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;

/** One connection, which is for one request: its answer ends with it. All methods are called by the network's thread. */
final class Conversation extends SimpleChannelInboundHandler<HttpObject> {

    private static final Logger LOG = LoggerFactory.getLogger(Conversation.class);
    /** From the connection to the end of the request's head. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final SSLEngine encryption;
    private final Requests requests;
    private final Workers workers;
    private @Nullable Thread worker;
    private @Nullable Future<?> patience;

    Conversation(SSLEngine encryption, Requests requests, Workers workers) {
        this.encryption = encryption;
        this.requests = requests;
        this.workers = workers;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        patience = context.executor().schedule(() -> close(context), PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** A body, if there is one, is of no interest. */
    @Override
    protected void channelRead0(ChannelHandlerContext context, HttpObject part) {
        if (part instanceof HttpRequest request && worker == null) {
            stopWaiting();
            NettyAnswer answer = new NettyAnswer(context, request.protocolVersion());
            worker = workers.start(() -> answer(request, answer));
        }
    }

    /** The client has left, or all is to end. */
    @Override
    public void channelInactive(ChannelHandlerContext context) {
        stopWaiting();
        if (worker != null) {
            worker.interrupt();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake && !handshake.isSuccess()) {
            LOG.debug("{} is refused: {}", context.channel().remoteAddress(), String.valueOf(handshake.cause()));
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.debug("connection of {} ends", context.channel().remoteAddress(), cause);
        close(context);
    }

    private static void close(ChannelHandlerContext context) {
        Future<?> _ = context.close();
    }

    private void stopWaiting() {
        if (patience != null) {
            patience.cancel(false);
        }
    }

    private void answer(HttpRequest asked, NettyAnswer answer) {
        try {
            if (asked.decoderResult().isFailure()) {
                throw new Refusal(400, "Bad Request");
            }
            requests.answer(client(), request(asked), answer);
            answer.end();
        } catch (Refusal e) {
            answer.refuse(e);
        } catch (IOException e) {
            LOG.debug("{} is not answered completely", asked.uri(), e);
            answer.refuse(new Refusal(500, String.valueOf(e.getMessage())));
        } catch (InterruptedException _) {
            // the client has left, or all is to end
        } finally {
            answer.close();
        }
    }

    private static Request request(HttpRequest asked) throws Refusal {
        try {
            QueryStringDecoder uri = new QueryStringDecoder(asked.uri());
            List<String> path = Arrays.stream(uri.rawPath().split("/")).filter(part -> !part.isEmpty())
                    .map(part -> QueryStringDecoder.decodeComponent(part.replace("+", "%2B"))).toList();
            return new Request(asked.method().name(), path, uri.parameters());
        } catch (IllegalArgumentException _) {
            throw new Refusal(400, "Bad Request");
        }
    }

    /** A session may be resumed, so that its certificate has expired since it was checked. */
    private Optional<Client> client() throws Refusal {
        try {
            X509Certificate certificate = (X509Certificate) encryption.getSession().getPeerCertificates()[0];
            certificate.checkValidity();
            return Optional.of(Client.of(certificate));
        } catch (SSLPeerUnverifiedException _) {
            return Optional.empty();
        } catch (CertificateException | IllegalArgumentException e) {
            LOG.debug("client certificate", e);
            throw new Refusal(401, "Unauthorized");
        }
    }
}
