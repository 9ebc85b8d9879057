package io.holdfast.itests.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.holdfast.itests.ApiServer;

/** What an API server tells whoever watches the pods, and when (by {@link System#nanoTime}); nothing is polled. */
final class Told implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long MOST_SECONDS = 60;

    private record Event(long at, JsonNode json) {
    }

    private final Process watch;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

    Told(ApiServer server) throws IOException {
        watch = new ProcessBuilder("kubectl", "--kubeconfig", server.file("admin.kubeconfig").toString(), "get", "--raw",
                "/api/v1/pods?watch=true").redirectError(ProcessBuilder.Redirect.INHERIT).start();
        Thread.ofPlatform().daemon().name("told").start(this::read);
    }

    private void read() {
        try (BufferedReader lines = new BufferedReader(
                new java.io.InputStreamReader(watch.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                long now = System.nanoTime();
                events.add(new Event(now, JSON.readTree(line)));
            }
        } catch (IOException _) {
            // closed: the end
        }
    }

    /** When it told that; what it told before is passed over, and is not asked for any more. */
    long await(String type, String pod, Predicate<JsonNode> object) throws InterruptedException {
        while (true) {
            Event event = events.poll(MOST_SECONDS, TimeUnit.SECONDS);
            if (event == null) {
                throw new IllegalStateException("no event " + type + " of " + pod + " within " + MOST_SECONDS + " s");
            }
            JsonNode about = event.json().path("object");
            if (event.json().path("type").asText().equals(type) && about.at("/metadata/name").asText().equals(pod)
                    && object.test(about)) {
                return event.at();
            }
        }
    }

    @Override
    public void close() {
        watch.destroy();
    }
}
