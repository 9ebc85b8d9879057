package io.holdfast.mirror;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;

import io.holdfast.cell.Cell;

/** A watch under way on a thread of its own, and the server's side of it. */
final class Watching {

    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final Cell<List<JsonNode>> events = new Cell<>(List.of());
    private final Cell<Optional<Optional<Throwable>>> ended = new Cell<>(Optional.empty());
    private final Cell<Optional<OutputStream>> server = new Cell<>(Optional.empty());
    private final Cell<Boolean> over = new Cell<>(false);
    private Thread thread = Thread.currentThread();

    private Watching() {
    }

    /** Returns when the server has begun to answer. */
    static Watching start(HttpApi api, Site site) throws InterruptedException {
        return start(api, site, "/api/v1/pods?watch=true");
    }

    static Watching start(HttpApi api, Site site, String path) throws InterruptedException {
        Watching watching = new Watching();
        site.on(exchange -> {
            if (!exchange.getRequestURI().toString().contains("watch=true")) {
                Site.answer(exchange, 200, "{}");
                return;
            }
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().flush();
            watching.server.set(Optional.of(exchange.getResponseBody()));
            try {
                watching.over.after(0, PATIENCE);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
        watching.thread = Thread.ofVirtual().start(() -> watching.run(api, path));
        if (watching.server.after(0, PATIENCE).value().isEmpty()) {
            throw new AssertionError("nobody watches: " + watching.ended.value());
        }
        return watching;
    }

    void send(String text) throws IOException {
        OutputStream out = server.value().orElseThrow();
        out.write(text.getBytes(UTF_8));
        out.flush();
    }

    /** The server ends it, as it should. */
    void end() {
        over.set(true);
    }

    void interrupt() {
        thread.interrupt();
    }

    List<JsonNode> await(int count) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        Cell.Versioned<List<JsonNode>> now = events.current();
        while (now.value().size() < count && System.nanoTime() < deadline) {
            now = events.after(now.version(), Duration.ofMillis(100));
        }
        if (now.value().size() < count) {
            throw new AssertionError("expected " + count + " events: " + now.value() + ", ended: " + ended.value());
        }
        return now.value();
    }

    /** Waits for the end. */
    Optional<Throwable> failure() throws InterruptedException {
        return ended.after(0, PATIENCE).value().orElseThrow(() -> new AssertionError("it goes on"));
    }

    private void run(HttpApi api, String path) {
        try {
            api.watch(path, event -> events.update(before -> {
                List<JsonNode> now = new ArrayList<>(before);
                now.add(event);
                return List.copyOf(now);
            }));
            ended.set(Optional.of(Optional.empty()));
        } catch (ApiFailure | InterruptedException | RuntimeException e) {
            ended.set(Optional.of(Optional.of(e)));
        }
    }
}
