package io.holdfast.itests;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import io.holdfast.cell.Cell;

/** One text over HTTP on loopback, with an ETag; holds its answer back when asked to and nothing is new (RFC 7240). */
public final class ManifestServer implements AutoCloseable {

    private static final Pattern WAIT = Pattern.compile("wait=(\\d+)");

    private final Cell<String> text;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;

    public ManifestServer(String text) throws IOException {
        this(text, 0);
    }

    /** @param port of a server that was closed, or 0 for any */
    public ManifestServer(String text, int port) throws IOException {
        this.text = new Cell<>(text);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/", this::answer);
        server.setExecutor(threads);
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + port() + "/pods.yaml";
    }

    public int port() {
        return server.getAddress().getPort();
    }

    public void set(String now) {
        text.set(now);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            Cell.Versioned<String> now = text.current();
            String known = Optional.ofNullable(exchange.getRequestHeaders().getFirst("If-None-Match")).orElse("");
            if (known.equals(tag(now))) {
                now = text.after(now.version(), wait(exchange));
            }
            exchange.getResponseHeaders().set("ETag", tag(now));
            if (known.equals(tag(now))) {
                exchange.sendResponseHeaders(304, -1);
                return;
            }
            byte[] body = now.value().getBytes(UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        } catch (InterruptedException _) {
            // closed meanwhile
        }
    }

    private static Duration wait(HttpExchange exchange) {
        Matcher asked = WAIT.matcher(Optional.ofNullable(exchange.getRequestHeaders().getFirst("Prefer")).orElse(""));
        if (!asked.find()) {
            return Duration.ZERO;
        }
        exchange.getResponseHeaders().set("Preference-Applied", asked.group());
        return Duration.ofSeconds(Long.parseLong(asked.group(1)));
    }

    private static String tag(Cell.Versioned<String> text) {
        return '"' + Integer.toHexString(text.value().hashCode()) + '"';
    }

    @Override
    public void close() {
        threads.shutdownNow();
        server.stop(0);
    }
}
