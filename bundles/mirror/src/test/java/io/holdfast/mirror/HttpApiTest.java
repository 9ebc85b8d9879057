package io.holdfast.mirror;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import com.fasterxml.jackson.databind.JsonNode;

import io.holdfast.cell.Cell;
import io.holdfast.mirror.Api.PatchType;
import io.holdfast.mirror.Site.Request;

/** Requests and what becomes of answers, over plain HTTP; see {@link TlsTest} for certificates. */
@Timeout(60)
final class HttpApiTest {

    private static final String SECRET = "s3cr3t";

    @TempDir
    Path temp;

    private Site site;
    private HttpApi api;

    @BeforeEach
    void begin() throws IOException {
        site = Site.open();
        api = open(Duration.ofSeconds(10));
    }

    @AfterEach
    void end() {
        api.close();
        site.close();
    }

    @Test
    void each_call_is_a_request_of_its_method_with_its_body() throws Exception {
        JsonNode object = json("{\"kind\":\"Pod\",\"metadata\":{\"name\":\"ü\"}}");
        site.answers(200, "{\"kind\":\"Answer\"}");
        assertThat(api.get("/api/v1/pods?fieldSelector=a%3Db")).isEqualTo(json("{\"kind\":\"Answer\"}"));
        assertRequest("GET", "/api/v1/pods?fieldSelector=a%3Db", "null", "");
        assertThat(api.create("/c", object)).isEqualTo(json("{\"kind\":\"Answer\"}"));
        assertRequest("POST", "/c", "application/json", object.toString());
        api.patch("/p", PatchType.MERGE, object);
        assertRequest("PATCH", "/p", "application/merge-patch+json", object.toString());
        api.patch("/p", PatchType.STRATEGIC, object);
        assertRequest("PATCH", "/p", "application/strategic-merge-patch+json", object.toString());
        api.delete("/d", object);
        assertRequest("DELETE", "/d", "application/json", object.toString());
    }

    @Test
    void the_path_of_a_server_behind_another_one_is_kept() throws Exception {
        api.close();
        kubeconfig(site.url() + "/clusters/one/");
        api = open(Duration.ofSeconds(10));
        api.get("/version");
        assertThat(site.last().target()).isEqualTo("/clusters/one/version");
        assertThat(api.server()).isEqualTo(site.url() + "/clusters/one/");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            403 | Forbidden     | pods "x" is forbidden: exceeded quota | pods "x" is forbidden: exceeded quota
            404 | NotFound      | namespaces "x" not found              | namespaces "x" not found
            409 | AlreadyExists | pods "x" already exists               | pods "x" already exists
            409 | Conflict      | the object has been modified          | the object has been modified
            410 | Expired       | too old resource version              | too old resource version
            422 | Invalid       | spec.x: Required value                | spec.x: Required value
            500 | InternalError | failed calling webhook "w"            | failed calling webhook "w"
            403 | ''            | ''                                    | the server answered 403 (Forbidden)
            """) // M8
    void a_status_is_a_refusal(int code, String reason, String said, String message) {
        site.answers(code, status(code, reason, said));
        ApiFailure.Refused failure = refused();
        assertThat(failure.code()).isEqualTo(code);
        assertThat(failure.reason()).isEqualTo(reason);
        assertThat(failure).hasMessage(message);
        assertThat(failure.retryAfter()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            500 | {"kind":"Status","message":"etcdserver: request timed out"} | etcdserver: request timed out
            504 | {"kind":"Status","reason":"Timeout","message":"Timeout: request did not complete"} | Timeout: request did not complete
            502 | <html>bad gateway</html> | the server answered 502 (Bad Gateway)
            503 | ''                       | the server answered 503 (Service Unavailable)
            302 | ''                       | the server answered 302, a redirect, as a login page does; an API server does not
            407 | ''                       | the server answered 407: the proxy wants to know who we are, which is not supported
            200 | <html>log in</html>      | the answer is no JSON, as an API server's is; is this one?
            200 | [1]                      | the answer is no JSON, as an API server's is; is this one?
            200 | {"kind":"Po              | the answer is no JSON, as an API server's is; is this one?
            """) // M9
    void a_server_that_cannot_work_is_as_one_that_is_not_there(int code, String body, String message) {
        site.answers(code, body);
        assertThat(unreachable()).hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource({"429,5,0,5", "429,,7,7", "429,3,7,3", "429,,0,0", "429,soon,0,0", "429,-1,0,0", "429,999999999,0,600"})
    void a_server_may_ask_to_be_left_alone(int code, String header, int detail, int seconds) {
        site.on(exchange -> {
            if (header != null) {
                exchange.getResponseHeaders().set("Retry-After", header);
            }
            Site.answer(exchange, code, "{\"reason\":\"TooManyRequests\",\"details\":{\"retryAfterSeconds\":" + detail + "}}");
        });
        assertThat(refused().retryAfter().orElse(Duration.ZERO)).isEqualTo(Duration.ofSeconds(seconds));
    }

    @Test
    void a_server_that_never_answers_is_given_up() throws Exception {
        api.close();
        api = open(Duration.ofSeconds(1));
        site.on(exchange -> hang());
        assertThat(unreachable()).hasMessage("no complete answer within 1 s");
    }

    @Test
    void nobody_listens() {
        site.close();
        assertThat(unreachable()).hasMessage("cannot connect");
    }

    @Test
    void a_host_that_nobody_knows() throws Exception {
        api.close();
        kubeconfig("https://nowhere.invalid:6443");
        api = open(Duration.ofSeconds(10));
        assertThat(unreachable()).hasMessage("the name of the host cannot be resolved");
    }

    @Test
    void an_interrupt_ends_a_request() throws Exception {
        Cell<Integer> came = new Cell<>(0);
        site.on(exchange -> {
            came.set(1);
            hang();
        });
        Cell<Optional<Throwable>> ended = new Cell<>(Optional.empty());
        Thread thread = Thread.ofVirtual().start(() -> ended.set(Optional.of(catching(() -> api.get("/x")))));
        came.after(0, Duration.ofSeconds(10));
        thread.interrupt();
        assertThat(ended.after(0, Duration.ofSeconds(10)).value()).containsInstanceOf(InterruptedException.class);
    }

    @Test
    void the_end_of_the_bundle_ends_its_requests_and_threads() throws Exception {
        Cell<Integer> came = new Cell<>(0);
        site.on(exchange -> {
            came.set(1);
            hang();
        });
        Cell<Optional<Throwable>> ended = new Cell<>(Optional.empty());
        Thread.ofVirtual().start(() -> ended.set(Optional.of(catching(() -> api.get("/x")))));
        came.after(0, Duration.ofSeconds(10));
        api.close();
        assertThat(ended.after(0, Duration.ofSeconds(10)).value()).containsInstanceOf(ApiFailure.Unreachable.class);
    }

    @Test
    void no_secret_is_in_what_a_person_sees() throws Exception {
        site.answers(401, SECRET);
        assertThat(refused()).hasMessageNotContaining(SECRET).hasMessageContaining("its token");
    }

    private interface Call {

        void run() throws Exception;
    }

    private static Throwable catching(Call call) {
        try {
            call.run();
            return new AssertionError("nothing was thrown");
        } catch (Throwable e) {
            return e;
        }
    }

    private ApiFailure.Refused refused() {
        return catchThrowableOfType(ApiFailure.Refused.class, () -> api.get("/x"));
    }

    private ApiFailure.Unreachable unreachable() {
        return catchThrowableOfType(ApiFailure.Unreachable.class, () -> api.get("/x"));
    }

    private void assertRequest(String method, String target, String type, String body) {
        Request last = site.last();
        assertThat(last.method() + " " + last.target()).isEqualTo(method + " " + target);
        assertThat(last.body()).isEqualTo(body);
        assertThat(last.header("Content-Type")).isEqualTo(type);
        assertThat(last.header("User-Agent")).isEqualTo("holdfast/1.2.3");
        assertThat(last.header("Accept")).isEqualTo("application/json");
        assertThat(last.header("Authorization")).isEqualTo("Bearer " + SECRET);
    }

    private static void hang() {
        try {
            Thread.sleep(Duration.ofSeconds(60)); // it is the server that is slow
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private HttpApi open(Duration timeout) throws IOException {
        if (!Files.exists(temp.resolve("config"))) {
            kubeconfig(site.url().toString());
        }
        return HttpApi.open(ConnectionSettings.of(temp.resolve("config").toString(), null, null, null, null, Map.of()),
                "1.2.3", new HttpApi.Timing(timeout, Duration.ofMillis(100)));
    }

    private void kubeconfig(String server) throws IOException {
        Files.writeString(temp.resolve("config"), """
                apiVersion: v1
                kind: Config
                current-context: main
                clusters: [{name: one, cluster: {server: "%s"}}]
                users: [{name: node1, user: {token: %s}}]
                contexts: [{name: main, context: {cluster: one, user: node1}}]
                """.formatted(server, SECRET));
    }

    private static String status(int code, String reason, String message) {
        return Trees.MAPPER.createObjectNode().put("kind", "Status").put("status", "Failure").put("code", code)
                .put("reason", reason).put("message", message).toString();
    }

    private static JsonNode json(String text) throws IOException {
        return Trees.MAPPER.readTree(text.getBytes(UTF_8));
    }
}
