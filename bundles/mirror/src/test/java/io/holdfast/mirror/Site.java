package io.holdfast.mirror;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;

import io.holdfast.cell.Cell;

/** A real server on the loopback interface that answers what a test wants. */
final class Site implements AutoCloseable {

    /** @param client the subject of the client's certificate, or empty */
    record Request(String method, String target, Headers headers, String body, String client) {

        String header(String name) {
            return String.valueOf(headers.getFirst(name));
        }
    }

    private final HttpServer server;
    private final Cell<List<Request>> requests = new Cell<>(List.of());
    private final Cell<HttpHandler> handler = new Cell<>(exchange -> answer(exchange, 200, "{}"));

    private Site(HttpServer server) {
        this.server = server;
        server.createContext("/", this::handle);
        server.setExecutor(task -> Thread.ofVirtual().start(task));
        server.start();
    }

    static Site open() throws IOException {
        return new Site(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
    }

    /** Asks clients for a certificate, and does not insist, as API servers do. */
    static Site open(SSLContext tls) throws IOException {
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls) {
            @Override
            public void configure(HttpsParameters params) {
                SSLParameters wanted = getSSLContext().getDefaultSSLParameters();
                wanted.setWantClientAuth(true);
                params.setSSLParameters(wanted);
            }
        });
        return new Site(server);
    }

    URI url() {
        return URI.create((server instanceof HttpsServer ? "https" : "http") + "://127.0.0.1:"
                + server.getAddress().getPort());
    }

    void on(HttpHandler answers) {
        handler.set(answers);
    }

    void answers(int status, String body) {
        on(exchange -> answer(exchange, status, body));
    }

    /** Lets in who has this token. */
    void wants(String token) {
        on(exchange -> answer(exchange, ("Bearer " + token).equals(exchange.getRequestHeaders().getFirst("Authorization"))
                ? 200 : 401, "{}"));
    }

    static void answer(HttpExchange exchange, int status, String body, Map.Entry<?, ?>... headers) throws IOException {
        for (Map.Entry<?, ?> header : headers) {
            exchange.getResponseHeaders().set(header.getKey().toString(), header.getValue().toString());
        }
        byte[] bytes = body.getBytes(UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    List<Request> requests() {
        return requests.value();
    }

    Request last() {
        return requests().getLast();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Request request = new Request(exchange.getRequestMethod(), exchange.getRequestURI().toString(),
                    new Headers(exchange.getRequestHeaders()), new String(exchange.getRequestBody().readAllBytes(), UTF_8),
                    client(exchange));
            requests.update(before -> {
                List<Request> now = new ArrayList<>(before);
                now.add(request);
                return List.copyOf(now);
            });
            handler.value().handle(exchange);
        }
    }

    private static String client(HttpExchange exchange) {
        try {
            return exchange instanceof HttpsExchange tls
                    ? ((X509Certificate) tls.getSSLSession().getPeerCertificates()[0]).getSubjectX500Principal().getName()
                    : "";
        } catch (SSLPeerUnverifiedException _) {
            return "";
        }
    }
}
