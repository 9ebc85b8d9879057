package io.holdfast.endpoint;

import static io.holdfast.endpoint.Node.DEADLINE;
import static io.holdfast.endpoint.Node.NOW;
import static io.holdfast.endpoint.Node.WEB;
import static io.holdfast.endpoint.Node.ended;
import static io.holdfast.endpoint.Node.pod;
import static io.holdfast.endpoint.Node.read;
import static io.holdfast.endpoint.Node.status;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.holdfast.cell.Cell;
import io.holdfast.kit.testing.Certificates.Pair;
import io.holdfast.status.PodStatus.Phase;
import io.holdfast.status.PodStatus.State;
import io.holdfast.status.PodStatuses;

final class LogsTest {

    private static final String LOGS = "/containerLogs/default/web-node1/web";

    @TempDir
    Path directory;

    private Node node;
    private Pair alice;
    private HttpClient client;

    @SuppressWarnings("NullAway.Init")
    LogsTest() {
    }

    @BeforeEach
    void listens() throws Exception {
        node = new Node(directory);
        alice = node.client("alice", node.authority, "/CN=alice", 2);
        client = node.http(alice);
        node.listen(50);
    }

    @AfterEach
    void ends() {
        client.close();
        node.close();
    }

    @Test // M7
    void a_log_is_plain_text_in_chunks() throws Exception {
        node.runs(node.log("0.log", "one", "two"));
        HttpResponse<String> answer = node.get(client, LOGS);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("one\ntwo\n");
        assertThat(answer.headers().firstValue("Content-Type")).contains("text/plain; charset=utf-8");
        assertThat(answer.headers().firstValue("Transfer-Encoding")).contains("chunked");
    }

    @Test // M7
    void what_is_asked_for_is_what_is_sent() throws Exception {
        Path log = node.log("0.log", "one", "two", "three");
        Files.writeString(log, Files.readString(log).replaceFirst("11:59:00.5Z", "11:00:00.5Z"));
        node.runs(log);
        assertThat(body("?tailLines=1")).isEqualTo("three\n");
        assertThat(body("?tailLines=0")).isEmpty();
        assertThat(body("?sinceSeconds=120")).isEqualTo("two\nthree\n");
        assertThat(body("?sinceTime=2026-05-01T13:00:00%2B02:00&limitBytes=5")).isEqualTo("one\nt");
        assertThat(body("?tailLines=1&timestamps=true")).isEqualTo("2026-05-01T11:59:00.500000000Z three\n");
    }

    @Test
    void the_log_of_the_run_before_is_another_file() throws Exception {
        node.log("0.log", "crashed");
        Path log = node.log("1.log", "runs");
        node.pods.set(List.of(pod(WEB, Phase.Running, status(new State.Running(NOW), ended(0), 1, log.toString()))));
        assertThat(body("?previous=true")).isEqualTo("crashed\n");
        assertThat(body("?previous=true&follow=true")).isEqualTo("crashed\n");
        assertThat(body("?previous=false")).isEqualTo("runs\n");
    }

    @Test
    void what_is_not_there_is_said_in_the_words_of_the_kubelet() throws Exception {
        Path log = node.log("0.log", "one");
        node.runs(log);
        says("/containerLogs/default/db-node1/web", 404, "pod \"db-node1\" does not exist");
        says("/containerLogs/other/web-node1/web", 404, "pod \"web-node1\" does not exist");
        says("/containerLogs/default/web-node1/db", 404, "container \"db\" not found in pod \"web-node1\"");
        says(LOGS + "?previous=true", 400, "previous terminated container \"web\" in pod \"web-node1\" not found");
        says("/containerLogs/default/web-node1", 404, "404: Page Not Found");
        Files.delete(log);
        says(LOGS, 400, "the log file " + log + " of container \"web\" in pod \"web-node1\" is not there");
        for (List<String> waiting : List.of(List.of("ContainerCreating", "ContainerCreating"),
                List.of("ErrImagePull", "image can't be pulled"),
                List.of("ImagePullBackOff", "trying and failing to pull image"))) {
            node.pods.set(List.of(pod(WEB, Phase.Pending, status(new State.Waiting(waiting.get(0), ""), null, 0, null))));
            says(LOGS, 400, "container \"web\" in pod \"web-node1\" is waiting to start: " + waiting.get(1));
        }
        node.services.statuses = null;
        says(LOGS, 503, "the reconciler is not running (bundle io.holdfast.reconciler)");
    }

    @Test
    void what_cannot_be_asked_for_is_refused() throws Exception {
        node.runs(node.log("0.log", "one"));
        says(LOGS + "?tailLines=x", 400, "{\"message\": \"Unable to decode query.\"}: tailLines must be a number");
        says(LOGS + "?sinceTime=today", 400, "{\"message\": \"Unable to decode query.\"}: "
                + "sinceTime must be a time such as 2026-05-01T12:00:00Z");
        says(LOGS + "?tailLines=-1", 422, "{\"message\": \"Invalid request.\"}: "
                + "tailLines must be greater than or equal to 0");
        says(LOGS + "?limitBytes=0", 422, "{\"message\": \"Invalid request.\"}: "
                + "limitBytes must be greater than or equal to 1");
        says(LOGS + "?sinceSeconds=1&sinceTime=2026-05-01T12:00:00Z", 422, "{\"message\": \"Invalid request.\"}: "
                + "at most one of sinceTime and sinceSeconds may be specified");
    }

    @Test // M7
    void followers_read_on_over_rotation_and_restart_until_the_pod_is_gone() throws Exception {
        Path log = node.log("0.log", "one");
        node.runs(log);
        PodStatuses statuses = node.services.statuses;
        List<InputStream> followers = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            followers.add(node.follow(client, LOGS + "?follow=true"));
        }
        all(followers, "one\n");
        node.log("0.log", "two");
        all(followers, "two\n");
        Files.move(log, node.logs.resolve("0.log.20260501-120000"));
        node.log("0.log", "three");
        all(followers, "three\n");
        Path next = node.log("1.log", "four");
        node.pods.set(List.of(pod(WEB, Phase.Running, status(new State.Running(NOW), ended(0), 1, next.toString()))));
        all(followers, "four\n");
        node.log("1.log", "five");
        node.services.statuses = null; // as while the reconciler is updated
        node.log("1.log", "six");
        all(followers, "five\nsix\n");
        node.services.statuses = statuses;
        node.pods.set(List.of()); // it does not know yet, or the pod is gone
        node.log("1.log", "seven");
        all(followers, "seven\n");
        Files.move(node.logs, directory.resolve("deleted"));
        for (InputStream follower : followers) {
            assertThat(new String(follower.readAllBytes(), StandardCharsets.UTF_8)).isEmpty();
        }
    }

    @Test
    void following_what_has_ended_for_good_ends() throws Exception {
        Path log = node.log("0.log", "one");
        node.pods.set(List.of(pod(WEB, Phase.Succeeded, status(ended(0), null, 0, log.toString()))));
        assertThat(body("?follow=true")).isEqualTo("one\n");
    }

    @Test
    void a_client_that_leaves_while_the_log_is_quiet_is_noticed() throws Exception {
        node.runs(node.log("0.log", "one"));
        try (Socket socket = socket(LOGS + "?follow=true")) {
            assertThat(new String(socket.getInputStream().readNBytes(15), StandardCharsets.UTF_8))
                    .isEqualTo("HTTP/1.1 200 OK");
        }
        assertThat(worker().join(DEADLINE)).isTrue();
    }

    @Test
    void a_client_that_does_not_read_holds_up_nobody_and_not_the_end() throws Exception {
        Path log = node.log("0.log", "x".repeat(1_000_000));
        for (int i = 0; i < 20; i++) {
            node.log("0.log", "x".repeat(1_000_000));
        }
        node.runs(log);
        try (Socket _ = socket(LOGS + "?follow=true")) {
            Thread stuck = worker();
            assertThat(body("?tailLines=1&limitBytes=3")).isEqualTo("xxx");
            long begin = System.nanoTime();
            node.close();
            assertThat(stuck.join(DEADLINE)).isTrue();
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(2));
        }
    }

    private Socket socket(String path) throws Exception {
        Socket socket = node.tls(alice).getSocketFactory().createSocket("127.0.0.1", node.number);
        socket.getOutputStream().write(("GET " + path + " HTTP/1.1\r\nHost: node1\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private Thread worker() throws InterruptedException {
        Cell.Versioned<Set<Thread>> asked = node.asked.after(0, DEADLINE);
        assertThat(asked.value()).isNotEmpty();
        return asked.value().iterator().next();
    }

    private static void all(List<InputStream> followers, String expected) throws Exception {
        for (InputStream follower : followers) {
            assertThat(read(follower, expected.length())).isEqualTo(expected);
        }
    }

    private String body(String query) throws Exception {
        return node.get(client, LOGS + query).body();
    }

    private void says(String path, int code, String text) throws Exception {
        HttpResponse<String> answer = node.get(client, path);
        assertThat(answer.body()).isEqualTo(text + "\n");
        assertThat(answer.statusCode()).isEqualTo(code);
    }
}
