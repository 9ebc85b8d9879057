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

/** One page over HTTP on loopback, with an ETag; holds its answer back when asked to and nothing is new (RFC 7240). */
public final class ManifestServer implements AutoCloseable {

    private static final Pattern WAIT = Pattern.compile("wait=(\\d+)");

    private record Page(int status, String type, String text) {
    }

    private final Cell<Page> page;
    private final Cell<Long> sent = new Cell<>(0L);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;

    public ManifestServer(String text) throws IOException {
        this(text, 0);
    }

    /** @param port of a server that was closed, or 0 for any */
    public ManifestServer(String text, int port) throws IOException {
        page = new Cell<>(yaml(text));
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

    public void set(String text) {
        page.set(yaml(text));
    }

    void set(int status, String type, String text) {
        page.set(new Page(status, type, text));
    }

    /** Sets another text and waits until somebody got it; when the answer was sent, by {@link System#nanoTime}. */
    public long send(String text) throws InterruptedException {
        long before = sent.current().version();
        set(text);
        return sent.after(before).value();
    }

    private static Page yaml(String text) {
        return new Page(200, "application/yaml", text);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            Cell.Versioned<Page> now = page.current();
            String known = Optional.ofNullable(exchange.getRequestHeaders().getFirst("If-None-Match")).orElse("");
            if (known.equals(tag(now.value()))) {
                now = page.after(now.version(), wait(exchange));
            }
            answer(exchange, now.value(), known);
        } catch (InterruptedException _) {
            // closed meanwhile
        }
    }

    private void answer(HttpExchange exchange, Page now, String known) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", now.type());
        exchange.getResponseHeaders().set("ETag", tag(now));
        if (now.status() == 200 && known.equals(tag(now))) {
            exchange.sendResponseHeaders(304, -1);
            return;
        }
        byte[] body = now.text().getBytes(UTF_8);
        exchange.sendResponseHeaders(now.status(), body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        sent.set(System.nanoTime());
    }

    private static Duration wait(HttpExchange exchange) {
        Matcher asked = WAIT.matcher(Optional.ofNullable(exchange.getRequestHeaders().getFirst("Prefer")).orElse(""));
        if (!asked.find()) {
            return Duration.ZERO;
        }
        exchange.getResponseHeaders().set("Preference-Applied", asked.group());
        return Duration.ofSeconds(Long.parseLong(asked.group(1)));
    }

    private static String tag(Page page) {
        return '"' + Integer.toHexString(page.hashCode()) + '"';
    }

    @Override
    public void close() {
        threads.shutdownNow();
        server.stop(0);
    }
}
