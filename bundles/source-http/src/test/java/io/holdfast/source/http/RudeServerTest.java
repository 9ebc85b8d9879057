package io.holdfast.source.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.holdfast.cell.Cell;
import io.holdfast.testkit.RecordingSink;
import io.holdfast.testkit.Watching;

/** Against what is no proper HTTP: every answer is a failure, and the last reading stands (behaviour H3). */
final class RudeServerTest {

    private interface Answer {

        void write(OutputStream out) throws IOException, InterruptedException;
    }

    private static final String UNKNOWN_LENGTH = "the answer says neither how long it is (Content-Length) nor where it "
            + "ends (chunked), so that it could be cut short without a trace";
    private static final Answer GOOD = text("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nkind: Pod");

    private final RecordingSink sink = new RecordingSink();
    private final Cell<Answer> answer = new Cell<>(GOOD);
    private ServerSocket server;
    private HttpSource source;

    @BeforeEach
    void begin() throws Exception {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::serve);
        source = Site.source(Map.of("url", origin()));
    }

    @AfterEach
    void end() throws Exception {
        server.close();
    }

    @Test
    void a_fixed_length_cut_short() throws Exception {
        assertFails(text("HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\nkind: Pod"),
                "the answer was cut short: the connection ended before it was complete");
    }

    @ParameterizedTest
    @ValueSource(strings = {"9\r\nkind: Pod", "9\r\nkind: Pod\r\n", "ff\r\nkind: Pod"})
    void chunks_without_an_end(String chunks) throws Exception {
        assertFails(text("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks),
                "the answer was cut short: the connection ended before it was complete");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.0", "1.1"})
    void a_body_of_which_nobody_says_how_long_it_is(String version) throws Exception {
        assertFails(text("HTTP/" + version + " 200 OK\r\nConnection: close\r\n\r\nkind: Pod"), UNKNOWN_LENGTH);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Transfer-Encoding: identity", "Transfer-Encoding:", "Transfer-Encoding: gzip, chunked",
            "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked", "Content-Length: 9\r\nContent-Length: 4",
            "Content-Length: 4\r\nContent-Length: 9", "Content-Length: 9\r\nTransfer-Encoding: chunked"})
    void a_body_of_which_it_is_not_clear_how_long_it_is(String lengths) throws Exception {
        assertFails(text("HTTP/1.1 200 OK\r\n" + lengths + "\r\n\r\nkind: Pod"), UNKNOWN_LENGTH);
    }

    @Test // H2
    void an_endless_body() throws Exception {
        String block = "10000\r\n" + "#".repeat(0x10000) + "\r\n";
        assertFails(out -> {
            out.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".getBytes(ISO_8859_1));
            while (true) {
                out.write(block.getBytes(ISO_8859_1));
            }
        }, "the answer is larger than 10 MiB");
    }

    @Test
    void an_endless_explanation_of_an_error() throws Exception {
        assertFails(out -> {
            out.write("HTTP/1.1 500 Oops\r\nTransfer-Encoding: chunked\r\n\r\n".getBytes(ISO_8859_1));
            while (true) {
                out.write("1\r\n.\r\n".getBytes(ISO_8859_1));
            }
        }, "the server answered 500 (Internal Server Error)");
    }

    @Test // H1
    void a_slow_drip() throws Exception {
        assertFails(out -> {
            out.write("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n".getBytes(ISO_8859_1));
            while (true) {
                out.write('#');
                Thread.sleep(Duration.ofMillis(50)); // it is the server that is slow
            }
        }, "no complete answer within 2 s");
    }

    @Test
    void silence() throws Exception {
        assertFails(out -> Thread.sleep(Duration.ofSeconds(30)), "no complete answer within 2 s");
    }

    @Test
    void a_connection_that_is_closed_at_once() throws Exception {
        assertFails(out -> { }, "the server closed the connection without an answer");
    }

    @Test
    void something_else_than_http() throws Exception {
        assertFails(text("SSH-2.0-OpenSSH_9.9\r\n\r\n"), "the answer is not HTTP");
    }

    @Test
    void tls_where_there_is_none() throws Exception {
        source = Site.source(Map.of("url", origin().replace("http:", "https:")));
        try (Watching watching = Watching.start(source, sink)) {
            assertThat(watching.failure()).hasMessageContaining("TLS failed");
        }
    }

    @Test
    void nobody_listens() throws Exception {
        server.close();
        try (Watching watching = Watching.start(source, sink)) {
            assertThat(watching.failure()).hasMessage(origin() + ": cannot connect");
        }
    }

    /** @param bad answers every request but the first and those after it has failed */
    private void assertFails(Answer bad, String expected) throws Exception {
        try (Watching watching = Watching.start(source, sink)) {
            sink.awaitTexts(Map.of(origin(), "kind: Pod"));
            answer.set(bad);
            assertThat(watching.failure()).isInstanceOf(IOException.class).hasMessage(origin() + ": " + expected);
        }
        assertThat(sink.current().texts()).isEqualTo(Map.of(origin(), "kind: Pod"));
        int readings = sink.current().readings();
        answer.set(GOOD);
        try (Watching watching = Watching.start(source, sink)) {
            sink.await("a reading after the failure", r -> r.readings() > readings);
            assertThat(watching.ended()).isFalse();
        }
    }

    private String origin() {
        return "http://127.0.0.1:" + server.getLocalPort() + "/pods";
    }

    private static Answer text(String all) {
        return out -> out.write(all.getBytes(ISO_8859_1));
    }

    private void serve() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException _) {
                return; // closed
            }
        }
    }

    /** One request for each connection. */
    private void serve(Socket socket) {
        try (socket; InputStream in = socket.getInputStream()) {
            StringBuilder request = new StringBuilder();
            while (!request.toString().endsWith("\r\n\r\n")) {
                int next = in.read();
                if (next < 0) {
                    return;
                }
                if (next == 0x16) {
                    break; // a TLS handshake, which is not understood
                }
                request.append((char) next);
            }
            answer.value().write(socket.getOutputStream());
        } catch (IOException | InterruptedException _) {
            // the client has had enough
        }
    }
}
