package io.holdfast.source.git;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import io.holdfast.cell.Cell;

/** Git's own smart HTTP server, {@code git http-backend}, on loopback; it writes down what it was asked. */
final class Server implements AutoCloseable {

    /** @param body of a request, uncompressed: pkt-lines, readable enough for a test */
    record Request(String method, String path, Optional<String> authorization, String body) {
    }

    private final HttpServer http;
    private final Path root;
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final Cell<Optional<String>> password = new Cell<>(Optional.empty());
    private final Cell<Optional<String>> elsewhere = new Cell<>(Optional.empty());

    Server(Path root) throws IOException {
        this.root = root;
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        http.createContext("/", this::handle);
        http.start();
    }

    String url(String repository) {
        return "http://127.0.0.1:" + http.getAddress().getPort() + "/" + repository;
    }

    List<Request> requests() {
        return List.copyOf(requests);
    }

    void require(String token) {
        password.set(Optional.of(token));
    }

    void redirectTo(String url) {
        elsewhere.set(Optional.of(url));
    }

    @Override
    public void close() {
        http.stop(0);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            Optional<String> authorization = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"));
            requests.add(new Request(exchange.getRequestMethod(), exchange.getRequestURI().toString(), authorization,
                    new String(unzipped(exchange, body), ISO_8859_1)));
            if (elsewhere.value().isPresent()) {
                exchange.getResponseHeaders().add("Location", elsewhere.value().get() + exchange.getRequestURI());
                exchange.sendResponseHeaders(302, -1);
            } else if (password.value().isPresent() && !isAllowed(authorization)) {
                exchange.getResponseHeaders().add("WWW-Authenticate", "Basic realm=\"pods\"");
                exchange.sendResponseHeaders(401, -1);
            } else {
                answer(exchange, body);
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private boolean isAllowed(Optional<String> authorization) {
        String expected = Base64.getEncoder().encodeToString(("token:" + password.value().orElseThrow()).getBytes(UTF_8));
        return authorization.equals(Optional.of("Basic " + expected));
    }

    private static byte[] unzipped(HttpExchange exchange, byte[] body) throws IOException {
        if (!"gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"))) {
            return body;
        }
        try (InputStream in = new java.util.zip.GZIPInputStream(new java.io.ByteArrayInputStream(body))) {
            return in.readAllBytes();
        }
    }

    /** CGI, as far as Git's program needs it. */
    private void answer(HttpExchange exchange, byte[] body) throws IOException, InterruptedException {
        Path in = Files.createTempFile("cgi", ".in");
        Files.write(in, body);
        ProcessBuilder cgi = new ProcessBuilder("git", "http-backend").redirectInput(in.toFile());
        cgi.environment().putAll(Map.of("GIT_PROJECT_ROOT", root.toString(), "GIT_HTTP_EXPORT_ALL", "1",
                "REQUEST_METHOD", exchange.getRequestMethod(), "PATH_INFO", exchange.getRequestURI().getPath(),
                "QUERY_STRING", orEmpty(exchange.getRequestURI().getQuery()), "CONTENT_LENGTH", "" + body.length,
                "CONTENT_TYPE", header(exchange, "Content-Type"),
                "HTTP_CONTENT_ENCODING", header(exchange, "Content-Encoding"),
                "GIT_PROTOCOL", header(exchange, "Git-Protocol")));
        Process process = cgi.start();
        byte[] answer = process.getInputStream().readAllBytes();
        process.waitFor();
        Files.delete(in);
        send(exchange, answer);
    }

    private static void send(HttpExchange exchange, byte[] answer) throws IOException {
        String text = new String(answer, ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        int status = 200;
        for (String line : text.substring(0, end).split("\r\n")) {
            String[] header = line.split(": ", 2);
            if (header[0].equals("Status")) {
                status = Integer.parseInt(header[1].substring(0, 3));
            } else {
                exchange.getResponseHeaders().add(header[0], header[1]);
            }
        }
        byte[] body = text.substring(end + 4).getBytes(ISO_8859_1);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    private static String header(HttpExchange exchange, String name) {
        return orEmpty(exchange.getRequestHeaders().getFirst(name));
    }

    private static String orEmpty(@org.jspecify.annotations.Nullable String text) {
        return text == null ? "" : text;
    }
}
