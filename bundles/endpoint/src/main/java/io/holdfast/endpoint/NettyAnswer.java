package io.holdfast.endpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.concurrent.Future;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;

/** Passes on to the network what a request's own thread writes, and waits until it is sent. */
final class NettyAnswer implements Answer {

    private final ChannelHandlerContext context;
    private final HttpVersion version;
    private boolean begun;
    private boolean streams;

    NettyAnswer(ChannelHandlerContext context, HttpVersion version) {
        this.context = context;
        this.version = version;
    }

    @Override
    public void send(int code, String type, byte[] content) throws IOException {
        DefaultFullHttpResponse all = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(code),
                Unpooled.wrappedBuffer(content));
        HttpUtil.setContentLength(all, content.length);
        begin(all, type);
    }

    @Override
    public OutputStream stream(String type) throws IOException {
        DefaultHttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        HttpUtil.setTransferEncodingChunked(head, version.equals(HttpVersion.HTTP_1_1));
        begin(head, type);
        streams = true;
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[]{(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                pass(new DefaultHttpContent(Unpooled.wrappedBuffer(bytes, from, length)));
            }
        };
    }

    /** All was written. */
    void end() throws IOException {
        if (streams) {
            pass(LastHttpContent.EMPTY_LAST_CONTENT);
        }
    }

    /** Instead of the answer; if that has begun already, its end is missing, which tells the client. */
    void refuse(Refusal refusal) {
        try {
            if (!begun) {
                send(refusal.code(), TEXT, (refusal.text() + "\n").getBytes(UTF_8));
            }
        } catch (IOException _) {
            // the client has left
        }
    }

    void close() {
        Future<?> _ = context.close();
    }

    private void begin(HttpMessage head, String type) throws IOException {
        begun = true;
        head.headers().set(HttpHeaderNames.CONTENT_TYPE, type).set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        pass(head);
    }

    private void pass(Object part) throws IOException {
        try {
            ChannelFuture sent = context.writeAndFlush(part).await();
            if (!sent.isSuccess()) {
                throw new IOException("the connection broke", sent.cause());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }
}
