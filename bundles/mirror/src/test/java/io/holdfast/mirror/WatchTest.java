package io.holdfast.mirror;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import com.fasterxml.jackson.databind.JsonNode;

import io.holdfast.cell.Cell;

/** Watches, of good servers and of others. */
@Timeout(60)
final class WatchTest {

    private static final String ADDED = "{\"type\":\"ADDED\",\"object\":{\"kind\":\"Pod\"}}\n";
    private static final String GONE = "{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"code\":410,\"reason\":\"Expired\","
            + "\"message\":\"too old resource version: 1 (2)\"}}\n";

    @TempDir
    Path temp;

    private Site site;
    private HttpApi api;

    @BeforeEach
    void begin() throws Exception {
        site = Site.open();
        new Home(temp).kubeconfig("server: '" + site.url() + "'", "token: t");
        api = new Home(temp).open();
    }

    @AfterEach
    void end() {
        api.close();
        site.close();
    }

    @Test
    void each_event_is_passed_on_when_it_comes() throws Exception {
        Watching watching = Watching.start(api, site);
        watching.send(ADDED);
        assertThat(watching.await(1).getFirst().path("object").path("kind").asText()).isEqualTo("Pod");
        watching.send("{\"type\":\"MODIF");
        watching.send("IED\",\"object\":{}}\n{\"type\":\"BOOKMARK\",\"object\":{}}\n");
        assertThat(watching.await(3)).extracting(event -> event.path("type").asText())
                .containsExactly("ADDED", "MODIFIED", "BOOKMARK");
        watching.end();
        assertThat(watching.failure()).isEmpty();
    }

    @Test
    void where_it_cannot_go_on_a_watch_is_refused_with_410() throws Exception {
        Watching watching = Watching.start(api, site);
        watching.send(ADDED + GONE);
        assertThat(watching.failure()).containsInstanceOf(ApiFailure.Refused.class).get()
                .extracting(e -> ((ApiFailure.Refused) e).code() + " " + e.getMessage())
                .isEqualTo("410 too old resource version: 1 (2)");
        assertThat(watching.await(1)).hasSize(1);
    }

    @Test
    void a_watch_may_be_refused_at_once() {
        site.answers(410, "{\"code\":410,\"message\":\"gone\"}");
        ApiFailure.Refused failure = catchThrowableOfType(ApiFailure.Refused.class, () -> api.watch("/x?watch=true", e -> { }));
        assertThat(failure.code()).isEqualTo(410);
        assertThat(failure).hasMessage("gone");
    }

    @Test
    void an_interrupt_ends_a_watch() throws Exception {
        Watching watching = Watching.start(api, site);
        watching.send(ADDED);
        watching.await(1);
        watching.interrupt();
        assertThat(watching.failure()).containsInstanceOf(InterruptedException.class);
    }

    @Test
    void the_end_of_the_bundle_ends_a_watch() throws Exception {
        Watching watching = Watching.start(api, site);
        api.close();
        assertThat(watching.failure()).containsInstanceOf(ApiFailure.Unreachable.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            <html>log in</html>           | the answer is no JSON, as an API server's is; is this one?
            {"type":"ADDED","object":{]}  | the answer is no JSON, as an API server's is; is this one?
            [{"type":"ADDED"}]            | the answer is no JSON, as an API server's is; is this one?
            12                            | the answer is no JSON, as an API server's is; is this one?
            {"kind":"PodList","items":[]} | the answer is no JSON, as an API server's is; is this one?
            {"type":"ADDED","object":{    | the watch was cut short in the midst of an event
            """)
    void what_is_no_event_ends_a_watch(String sent, String message) throws Exception {
        Watching watching = Watching.start(api, site);
        watching.send(ADDED + sent + " ");
        watching.end();
        assertThat(watching.failure().orElseThrow()).isInstanceOf(ApiFailure.Unreachable.class).hasMessage(message);
        assertThat(watching.await(1)).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"'',false", "'{\"type\":',false", "'',true"})
    void a_connection_that_breaks_is_a_failure_and_no_end(String rest, boolean reset) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> breakOff(server, ADDED + rest, reset));
            new Home(temp).kubeconfig("server: 'http://127.0.0.1:" + server.getLocalPort() + "'", "token: t");
            List<JsonNode> events = new ArrayList<>();
            try (HttpApi broken = new Home(temp).open()) {
                assertThatThrownBy(() -> broken.watch("/x?watch=true", events::add))
                        .isInstanceOf(ApiFailure.Unreachable.class)
                        .message().containsAnyOf("the answer was cut short: the connection ended before it was complete",
                                "the connection broke: ");
            }
            assertThat(events.size()).isLessThanOrEqualTo(1);
        }
    }

    @Test // M9
    void a_watch_on_which_nothing_comes_any_more_ends() throws Exception {
        PipedOutputStream server = new PipedOutputStream();
        Cell<List<JsonNode>> events = new Cell<>(List.of());
        Cell<Long> end = new Cell<>(0L);
        PipedInputStream in = new PipedInputStream(server);
        Thread.ofVirtual().start(() -> {
            try {
                new WatchStream(Duration.ofMillis(500), IOException::toString).read(silencedByClose(in),
                        event -> events.update(before -> List.of(event)));
                end.set(System.nanoTime());
            } catch (ApiFailure | InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        for (int i = 0; i < 4; i++) {
            Thread.sleep(Duration.ofMillis(250)); // it is the server that is slow
            server.write(ADDED.getBytes(ISO_8859_1));
            server.flush();
        }
        long last = System.nanoTime();
        assertThat(end.value()).isZero();
        assertThat(end.after(0, Duration.ofSeconds(10)).value() - last).isGreaterThan(Duration.ofMillis(400).toNanos());
    }

    @Test
    void an_endless_event_is_given_up() {
        InputStream endless = new InputStream() {
            private boolean begun;

            @Override
            public int read() {
                int next = begun ? 'x' : '"';
                begun = true;
                return next;
            }
        };
        assertThatThrownBy(() -> new WatchStream(Duration.ofSeconds(30), IOException::toString).read(endless, e -> { }))
                .isInstanceOf(ApiFailure.Unreachable.class).hasMessage("an event is larger than 16 MiB");
    }

    @Test
    void any_number_of_events_may_come() throws Exception {
        int count = 600_000; // 25 MB
        List<JsonNode> seen = new ArrayList<>();
        new WatchStream(Duration.ofSeconds(30), IOException::toString).read(
                new ByteArrayInputStream(ADDED.repeat(count).getBytes(ISO_8859_1)), event -> {
                    if (seen.size() < 2) {
                        seen.add(event);
                    }
                });
        assertThat(seen).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"/x?watch=true,600", "/x?watch=true&timeoutSeconds=300,310", "/x?timeoutSeconds=60&watch=true,70",
            "/x?watch=true&allowWatchBookmarks=true,150", "/x?allowWatchBookmarks=true&timeoutSeconds=20,30",
            "/x?allowWatchBookmarks=true&timeoutSeconds=600,150"})
    void silence_is_told_from_patience_by_what_was_asked_for(String path, int seconds) {
        assertThat(WatchStream.patience(path)).hasSeconds(seconds);
    }

    /** As the JDK's client does it: whoever reads is at the end. */
    private static InputStream silencedByClose(PipedInputStream in) {
        return new InputStream() {
            private volatile boolean closed;

            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0];
            }

            @Override
            public int read(byte[] to, int offset, int length) throws IOException {
                while (in.available() == 0) {
                    if (closed) {
                        return -1;
                    }
                    Thread.onSpinWait();
                }
                return in.read(to, offset, Math.min(length, in.available()));
            }

            @Override
            public void close() {
                closed = true;
            }
        };
    }

    private static void breakOff(ServerSocket server, String body, boolean reset) {
        try (Socket socket = server.accept(); InputStream in = socket.getInputStream()) {
            StringBuilder request = new StringBuilder();
            while (!request.toString().endsWith("\r\n\r\n")) {
                request.append((char) in.read());
            }
            OutputStream out = socket.getOutputStream();
            out.write(("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(body.length()) + "\r\n"
                    + body + "\r\n").getBytes(ISO_8859_1));
            out.flush();
            if (reset) {
                socket.setSoLinger(true, 0);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
