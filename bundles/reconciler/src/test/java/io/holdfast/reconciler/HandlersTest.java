package io.holdfast.reconciler;

import static io.holdfast.reconciler.TestPods.app;
import static io.holdfast.reconciler.TestPods.command;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;

import io.holdfast.pod.Handler;
import io.holdfast.pod.Handler.Header;
import io.holdfast.pod.IntOrString;
import io.holdfast.pod.Probe;
import io.holdfast.reconciler.Handlers.Outcome;
import io.holdfast.runtime.ContainerRuntime.ContainerId;
import io.holdfast.testkit.FakeRuntime;

/** Behaviours P1 and T1, against real servers. */
@Timeout(60)
class HandlersTest {

    private static final Duration SOON = Duration.ofSeconds(5);
    private static final String LOCAL = "127.0.0.1";

    private final FakeRuntime runtime = new FakeRuntime();
    private final Handlers handlers = new Handlers(runtime, new ContainerId("c1"), LOCAL);
    private final Map<String, Headers> asked = new ConcurrentHashMap<>();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        answer(server);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    /** {@code /302/200} leads to {@code /200}, {@code /away} to another host. */
    private void answer(HttpServer on) {
        on.createContext("/", exchange -> {
            String path = exchange.getRequestURI().toString();
            asked.put(path, exchange.getRequestHeaders());
            if (path.startsWith("/302")) {
                exchange.getResponseHeaders().add("Location", path.substring(4));
                send(exchange, 302);
            } else if (path.equals("/away")) {
                exchange.getResponseHeaders().add("Location", "http://192.0.2.1/500");
                send(exchange, 301);
            } else if (path.equals("/loop")) {
                exchange.getResponseHeaders().add("Location", "/loop");
                send(exchange, 301);
            } else {
                send(exchange, Integer.parseInt(path.substring(1, 4)));
            }
        });
    }

    private Headers asked(String path) {
        return Objects.requireNonNull(asked.get(path));
    }

    private static void send(HttpExchange exchange, int status) throws IOException {
        exchange.sendResponseHeaders(status, 4);
        exchange.getResponseBody().write("body".getBytes(StandardCharsets.UTF_8));
        exchange.close();
    }

    private Handler.HttpGet get(String path, Header... headers) {
        return get(path, server.getAddress().getPort(), "HTTP", headers);
    }

    private static Handler.HttpGet get(@Nullable String path, int port, String scheme, Header... headers) {
        return new Handler.HttpGet(path, new IntOrString.Number(port), null, scheme, List.of(headers));
    }

    private Outcome probe(Handler handler) throws InterruptedException {
        return handlers.probe(handler, SOON);
    }

    // ------------------------------------------------------------------ httpGet

    @Test
    void anAnswerFrom200To399IsASuccess() throws InterruptedException {
        for (String well : List.of("/200", "/201", "/302/200", "/302/302/200", "/away", "/399")) {
            assertThat(probe(get(well))).as(well).isEqualTo(new Outcome.Success());
        }
        for (int bad : List.of(400, 404, 500)) {
            assertThat(probe(get("/" + bad))).isEqualTo(new Outcome.Failure("HTTP probe failed with statuscode: " + bad));
        }
    }

    @Test
    void aRedirectWithinTheHostIsFollowedAndOneToAnotherIsNot() throws InterruptedException {
        assertThat(probe(get("/302/500"))).isEqualTo(new Outcome.Failure("HTTP probe failed with statuscode: 500"));
        assertThat(probe(get("/away"))).isEqualTo(new Outcome.Success());
        assertThat(probe(get("/loop"))).isInstanceOfSatisfying(Outcome.Failure.class,
                f -> assertThat(f.message()).endsWith("stopped after 10 redirects"));
    }

    @Test
    void itAsksAsTheKubeletDoes() throws InterruptedException {
        probe(get("/200/x?a=1 2"));
        Headers plain = asked("/200/x?a=1%202");
        assertThat(plain.getFirst("Host")).isEqualTo(LOCAL + ":" + server.getAddress().getPort());
        assertThat(plain.getFirst("User-Agent")).startsWith("kube-probe/");
        assertThat(plain.getFirst("Accept")).isEqualTo("*/*");
        assertThat(plain.getFirst("Connection")).isEqualTo("close");
        probe(get("/200", new Header("Host", "example.com"), new Header("user-agent", "me"), new Header("Accept", ""),
                new Header("X-A", "1"), new Header("X-A", "2\r\nX-Evil: 3")));
        Headers own = asked("/200");
        assertThat(own.getFirst("Host")).isEqualTo("example.com");
        assertThat(own.get("User-Agent")).containsExactly("me");
        assertThat(own).doesNotContainKeys("Accept", "X-evil");
        assertThat(own.get("X-A")).hasSize(2).contains("1");
    }

    @Test
    void whoDoesNotAnswerFails() throws Exception {
        int closed;
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = silent.getLocalPort();
            String url = "Get \"http://" + LOCAL + ":" + closed + "/\": ";
            assertThat(handlers.probe(get(null, closed, "HTTP"), Duration.ofMillis(50))).isEqualTo(new Outcome.Failure(
                    url + "context deadline exceeded (Client.Timeout exceeded while awaiting headers)"));
        }
        assertThat(probe(get("/x", closed, "HTTP"))).isEqualTo(new Outcome.Failure("Get \"http://" + LOCAL + ":" + closed
                + "/x\": dial tcp " + LOCAL + ":" + closed + ": connect: connection refused"));
    }

    @Test
    void anAnswerMayComeInPiecesAndAfterInterimOnes() throws Exception {
        assertThat(rawly("HTTP/1.1 103 Early Hints\r\nA: b\r\n\r\nHTTP/1.", "1 503 No\r\nX: y\r\n\r\nbody"))
                .isEqualTo(new Outcome.Failure("HTTP probe failed with statuscode: 503"));
        assertThat(rawly("HTTP/1.0 200\r\n\r\n")).isEqualTo(new Outcome.Success());
        assertThat(rawly("SSH-2.0-x\r\n\r\n")).isInstanceOfSatisfying(Outcome.Failure.class,
                f -> assertThat(f.message()).endsWith(": malformed HTTP response"));
        assertThat(rawly("")).isInstanceOfSatisfying(Outcome.Failure.class, f -> assertThat(f.message()).endsWith(": EOF"));
    }

    private Outcome rawly(String... pieces) throws Exception {
        try (ServerSocket raw = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread answering = Thread.ofVirtual().start(() -> {
                try (Socket socket = raw.accept()) {
                    assertThat(socket.getInputStream().read(new byte[4096])).isPositive();
                    for (String piece : pieces) {
                        socket.getOutputStream().write(piece.getBytes(StandardCharsets.UTF_8));
                        socket.getOutputStream().flush();
                    }
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            Outcome outcome = probe(get("/", raw.getLocalPort(), "HTTP"));
            assertThat(answering.join(SOON)).isTrue();
            return outcome;
        }
    }

    @Test
    void httpsAsksWhoeverAnswers(@TempDir Path directory) throws Exception {
        HttpsServer secure = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        secure.setHttpsConfigurator(new HttpsConfigurator(selfSigned(directory)));
        answer(secure);
        secure.start();
        try {
            int port = secure.getAddress().getPort();
            assertThat(probe(get("/200", port, "HTTPS"))).isEqualTo(new Outcome.Success());
            assertThat(probe(get("/500", port, "HTTPS")))
                    .isEqualTo(new Outcome.Failure("HTTP probe failed with statuscode: 500"));
            assertThat(probe(get("/200", server.getAddress().getPort(), "HTTPS"))).isInstanceOf(Outcome.Failure.class);
        } finally {
            secure.stop(0);
        }
    }

    private static SSLContext selfSigned(Path directory) throws Exception {
        Path store = directory.resolve("keys");
        assertThat(new ProcessBuilder(System.getProperty("java.home") + "/bin/keytool", "-genkeypair", "-alias", "a", "-dname",
                "CN=nobody", "-keyalg", "EC", "-validity", "1", "-keystore", store.toString(), "-storepass", "secret")
                .redirectErrorStream(true).start().waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(store)) {
            keys.load(in, "secret".toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, "secret".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    // ------------------------------------------------------------------ tcpSocket, exec

    @Test
    void aPortThatTakesAConnectionIsASuccess() throws Exception {
        int closed;
        try (ServerSocket open = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = open.getLocalPort();
            assertThat(probe(new Handler.TcpSocket(new IntOrString.Number(closed), null))).isEqualTo(new Outcome.Success());
        }
        assertThat(probe(new Handler.TcpSocket(new IntOrString.Number(closed), null)))
                .isEqualTo(new Outcome.Failure("dial tcp " + LOCAL + ":" + closed + ": connect: connection refused"));
        assertThat(probe(new Handler.TcpSocket(new IntOrString.Number(closed), "no.such.host.invalid")))
                .isEqualTo(new Outcome.Failure("dial tcp no.such.host.invalid:" + closed + ": no such host"));
    }

    @Test
    void aPortMayBeNamed() throws InterruptedException {
        var container = app().port("web", server.getAddress().getPort()).made();
        Handler byName = new Handler.HttpGet("/200", new IntOrString.Name("web"), null, null, List.of());
        assertThat(probe(Handlers.of(probeOf(byName), container))).isEqualTo(new Outcome.Success());
        Handler nobody = new Handler.HttpGet("/200", new IntOrString.Name("nobody"), null, null, List.of());
        assertThat(probe(Handlers.of(probeOf(nobody), container)))
                .isEqualTo(new Outcome.Fault("no port of the container is named nobody"));
    }

    private static Probe probeOf(Handler get) {
        return new Probe(null, (Handler.HttpGet) get, null, null, 0, 1, 1, 1, 1, null);
    }

    @Test
    void aCommandInAContainerThatIsGoneSaysNothing() throws InterruptedException {
        assertThat(probe(command("true"))).isInstanceOf(Outcome.Fault.class);
    }

    @Test
    void aRuntimeThatCannotRunCommandsSaysSo() throws InterruptedException {
        assertThat(new Handlers(Rig.anotherInstance(runtime), new ContainerId("c1"), LOCAL).probe(command("true"), SOON))
                .isEqualTo(new Outcome.Fault("this runtime cannot run commands in containers"));
    }

    // ------------------------------------------------------------------ hooks

    @Test
    void aHookTakesAnyAnswer() throws InterruptedException { // T1
        assertThat(handlers.hook(get("/500"), SOON)).isEqualTo(new Outcome.Success());
        assertThat(asked("/500").getFirst("User-Agent")).startsWith("kube-lifecycle/");
    }

    @Test
    void aHookSleepsForNoLongerThanItMay() throws InterruptedException { // T1
        long begin = System.nanoTime();
        assertThat(handlers.hook(new Handler.Sleep(60), Duration.ofMillis(20))).isEqualTo(new Outcome.Success());
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isBetween(Duration.ofMillis(20), SOON);
    }

    @Test
    void tcpSocketIsNoHookThatAnyoneCarriesOut() throws InterruptedException { // T1
        assertThat(handlers.hook(new Handler.TcpSocket(new IntOrString.Number(1), null), SOON))
                .isInstanceOf(Outcome.Failure.class);
    }

    @Test
    void anInterruptEndsAProbe() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            AtomicReference<@Nullable Object> outcome = new AtomicReference<>();
            Thread probing = Thread.ofVirtual().start(() -> {
                try {
                    outcome.set(handlers.probe(get("/", silent.getLocalPort(), "HTTP"), Duration.ofMinutes(5)));
                } catch (InterruptedException e) {
                    outcome.set(e);
                }
            });
            silent.accept().getInputStream().read();
            probing.interrupt();
            assertThat(probing.join(SOON)).isTrue();
            assertThat(outcome.get()).isInstanceOf(InterruptedException.class);
        }
    }
}
