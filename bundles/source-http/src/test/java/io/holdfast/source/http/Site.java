package io.holdfast.source.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;

import io.holdfast.cell.Cell;

/** A real server on the loopback interface, and sources that read from it. */
final class Site implements AutoCloseable {

    /** @param nanos when it came in */
    record Request(String path, Headers headers, long nanos) {

        String header(String name) {
            return String.valueOf(headers.getFirst(name));
        }
    }

    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final HttpServer server;
    private final ConcurrentHashMap<String, HttpHandler> handlers = new ConcurrentHashMap<>();
    private final Cell<List<Request>> requests = new Cell<>(List.of());

    private Site(HttpServer server) {
        this.server = server;
        server.createContext("/", this::handle);
        server.setExecutor(task -> Thread.ofVirtual().start(task));
        server.start();
    }

    static Site open() throws IOException {
        return open(0);
    }

    static Site open(int port) throws IOException {
        return new Site(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0));
    }

    /** @param wantsClient whether clients must have a certificate */
    static Site open(SSLContext tls, boolean wantsClient) throws IOException {
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls) {
            @Override
            public void configure(HttpsParameters params) {
                SSLParameters wanted = getSSLContext().getDefaultSSLParameters();
                wanted.setNeedClientAuth(wantsClient);
                params.setSSLParameters(wanted);
            }
        });
        return new Site(server);
    }

    int port() {
        return server.getAddress().getPort();
    }

    URI url(String path) {
        return URI.create((server instanceof HttpsServer ? "https" : "http") + "://127.0.0.1:" + port() + path);
    }

    void on(String path, HttpHandler handler) {
        handlers.put(path, handler);
    }

    /** As a good server does it: with a tag, and without a body for those who know it already. */
    void put(String path, String content) {
        on(path, exchange -> {
            String tag = "\"" + Integer.toHexString(content.hashCode()) + "\"";
            exchange.getResponseHeaders().set("ETag", tag);
            if (tag.equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
                exchange.sendResponseHeaders(304, -1);
            } else {
                send(exchange, 200, content);
            }
        });
    }

    static void send(HttpExchange exchange, int status, String content) throws IOException {
        send(exchange, status, content.getBytes(UTF_8));
    }

    static void send(HttpExchange exchange, int status, byte[] content) throws IOException {
        exchange.sendResponseHeaders(status, content.length == 0 ? -1 : content.length);
        exchange.getResponseBody().write(content);
    }

    static void redirect(HttpExchange exchange, URI to) throws IOException {
        redirect(exchange, 302, to);
    }

    static void redirect(HttpExchange exchange, int status, URI to) throws IOException {
        exchange.getResponseHeaders().set("Location", to.toString());
        exchange.sendResponseHeaders(status, -1);
    }

    List<Request> requests(String path) {
        return requests.value().stream().filter(request -> request.path().equals(path)).toList();
    }

    /** Waits until a path was asked for so many times. */
    List<Request> awaitRequests(String path, int count) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (Cell.Versioned<List<Request>> now = requests.current(); requests(path).size() < count;) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("expected " + count + " requests for " + path + ": " + requests.value());
            }
            now = requests.after(now.version(), Duration.ofMillis(100));
        }
        return requests(path);
    }

    @Override
    public void close() {
        server.stop(0);
    }

    /** A source as Declarative Services makes it, that polls each second. */
    HttpSource source(String path, Map<String, Object> more) {
        Map<String, Object> all = new HashMap<>(Map.of("url", url(path).toString()));
        all.putAll(more);
        return source(all);
    }

    static HttpSource source(Map<String, Object> more) {
        Map<String, Object> properties = new HashMap<>(
                Map.of("service.pid", "io.holdfast.source.http~fleet", "period", 1, "timeout", 2));
        properties.putAll(more);
        return new HttpSource(config(properties), properties);
    }

    private static HttpSource.Config config(Map<String, Object> values) {
        return (HttpSource.Config) Proxy.newProxyInstance(HttpSource.class.getClassLoader(),
                new Class<?>[] {HttpSource.Config.class}, (_, method, _) -> {
                    Object value = values.getOrDefault(method.getName().replace('_', '.'), method.getDefaultValue());
                    return method.getName().equals("url") && value != null ? new String[] {value.toString()} : value;
                });
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Headers headers = new Headers(exchange.getRequestHeaders());
            String path = exchange.getRequestURI().getPath();
            requests.update(before -> {
                List<Request> now = new ArrayList<>(before);
                now.add(new Request(path, headers, System.nanoTime()));
                return List.copyOf(now);
            });
            handlers.getOrDefault(path, e -> send(e, 404, "nothing here")).handle(exchange);
        }
    }
}
