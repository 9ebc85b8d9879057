package io.holdfast.source.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import com.sun.net.httpserver.HttpExchange;

import io.holdfast.cell.Cell;
import io.holdfast.source.Manifest;
import io.holdfast.testkit.RecordingSink;
import io.holdfast.testkit.RecordingSink.Report;
import io.holdfast.testkit.Watching;

/** Against a server that keeps to HTTP. */
final class HttpSourceTest {

    private static final String SECRET = "s3cr3t";
    private static final String UNASKED = "the server answered 304 (Not Modified), although it was asked for everything";

    @TempDir
    Path temp;

    private final RecordingSink sink = new RecordingSink();
    private final Deque<Watching> watchings = new ArrayDeque<>();
    private Site site;

    @BeforeEach
    void begin() throws Exception {
        site = Site.open();
    }

    @AfterEach
    void end() {
        watchings.forEach(Watching::close);
        site.close();
    }

    @Test // H1
    void what_has_a_tag_is_not_sent_twice() throws Exception {
        site.put("/pods", "a");
        watch("/pods", Map.of());
        Manifest first = sink.awaitTexts(Map.of(origin("/pods"), "a")).manifests().getFirst();
        List<Site.Request> requests = site.awaitRequests("/pods", 3);
        assertThat(requests.getFirst().header("If-None-Match")).isEqualTo("null");
        assertThat(requests.getLast().header("If-None-Match")).isEqualTo("\"61\"");
        Report report = sink.await("a reading after a 304", r -> r.readings() >= 2);
        assertThat(report.manifests().getFirst()).as("H4: costs no parse").isSameAs(first);
        site.put("/pods", "b");
        sink.awaitTexts(Map.of(origin("/pods"), "b"));
    }

    @Test // H1
    void what_has_only_a_time_is_asked_for_by_that() throws Exception {
        String time = time(Duration.ofHours(1));
        site.on("/pods", exchange -> {
            exchange.getResponseHeaders().set("Last-Modified", time);
            if (time.equals(exchange.getRequestHeaders().getFirst("If-Modified-Since"))) {
                exchange.sendResponseHeaders(304, -1);
            } else {
                Site.send(exchange, 200, "a");
            }
        });
        watch("/pods", Map.of());
        Manifest first = sink.awaitReading().manifests().getFirst();
        assertThat(site.awaitRequests("/pods", 2).getLast().header("If-Modified-Since")).isEqualTo(time);
        assertThat(sink.await("a second reading", r -> r.readings() > 1).manifests().getFirst()).isSameAs(first);
    }

    @Test // such servers send what is newer than the time, and an older file that is put back is not
    void an_older_file_that_is_put_back_is_noticed_with_the_tenth_poll() throws Exception {
        Cell<Integer> hours = new Cell<>(1);
        site.on("/pods", exchange -> {
            int age = hours.value();
            exchange.getResponseHeaders().set("Last-Modified", time(Duration.ofHours(age)));
            if (age > 1 && exchange.getRequestHeaders().containsKey("If-Modified-Since")) {
                exchange.sendResponseHeaders(304, -1);
            } else {
                Site.send(exchange, 200, age > 1 ? "old" : "new");
            }
        });
        watch("/pods", Map.of());
        sink.awaitTexts(Map.of(origin("/pods"), "new"));
        hours.set(2);
        site.awaitRequests("/pods", 10);
        sink.awaitTexts(Map.of(origin("/pods"), "old"));
        assertThat(site.requests("/pods").stream().filter(r -> r.headers().containsKey("If-Modified-Since")).count())
                .as("otherwise it is asked for what is newer").isGreaterThanOrEqualTo(9);
    }

    @Test
    void a_time_of_just_now_is_not_believed_since_a_second_change_would_not_show() throws Exception {
        site.on("/pods", exchange -> {
            exchange.getResponseHeaders().set("Last-Modified", time(Duration.ZERO));
            Site.send(exchange, 200, "a");
        });
        watch("/pods", Map.of());
        assertThat(site.awaitRequests("/pods", 2).getLast().header("If-Modified-Since")).isEqualTo("null");
    }

    @Test // H4
    void equal_content_is_the_same_manifest_also_from_a_server_that_knows_no_validators() throws Exception {
        site.on("/pods", exchange -> Site.send(exchange, 200, "a"));
        watch("/pods", Map.of());
        Manifest first = sink.awaitReading().manifests().getFirst();
        assertThat(sink.await("a second reading", r -> r.readings() > 1).manifests().getFirst()).isSameAs(first);
    }

    @ParameterizedTest // H3
    @ValueSource(ints = {204, 206, 401, 403, 404, 410, 500, 502, 302})
    void another_status_is_a_failure_and_the_last_reading_stands(int status) throws Exception {
        site.put("/pods", "a");
        HttpSource source = site.source("/pods", Map.of());
        watch(source);
        sink.awaitReading();
        site.on("/pods", exchange -> Site.send(exchange, status, status == 204 ? "" : "kind: List"));
        assertThat(failure()).startsWith(origin("/pods") + ": ").contains(String.valueOf(status));
        assertThat(sink.current().texts()).isEqualTo(Map.of(origin("/pods"), "a"));
        site.put("/pods", "b");
        watch(source);
        sink.awaitTexts(Map.of(origin("/pods"), "b"));
    }

    @Test // H5: the core says that it works again when it hears of the source
    void the_same_content_after_a_failure_is_reported_again_and_is_the_same_manifest() throws Exception {
        site.put("/pods", "a");
        HttpSource source = site.source("/pods", Map.of());
        watch(source);
        Manifest first = sink.awaitReading().manifests().getFirst();
        site.on("/pods", exchange -> Site.send(exchange, 500, "oops"));
        assertThat(failure()).endsWith("the server answered 500 (Internal Server Error)");
        int readings = sink.current().readings();
        site.put("/pods", "a");
        watch(source);
        Report after = sink.await("a reading after the failure", r -> r.readings() > readings);
        assertThat(after.manifests().getFirst()).isSameAs(first);
        assertThat(site.requests("/pods").getLast().header("If-None-Match")).as("still known").isEqualTo("\"61\"");
    }

    @Test
    void a_server_that_is_gone_is_asked_at_a_pace_however_often_watching_begins() throws Exception {
        site.on("/pods", exchange -> Site.send(exchange, 500, "oops"));
        HttpSource source = site.source("/pods", Map.of());
        for (int i = 0; i < 4; i++) {
            watch(source);
            failure();
        }
        List<Site.Request> requests = site.requests("/pods");
        assertThat(requests).hasSize(4);
        assertThat(Duration.ofNanos(requests.getLast().nanos() - requests.getFirst().nanos()))
                .isGreaterThan(Duration.ofMillis(1400)); // three pauses of half a second at least
    }

    @ParameterizedTest
    @CsvSource({"429, seconds", "503, seconds", "429, date", "503, date"})
    void a_server_that_wants_to_be_left_alone_is(int status, String unit) throws Exception {
        site.on("/pods", exchange -> {
            exchange.getResponseHeaders().set("Retry-After", unit.equals("date") ? time(Duration.ofSeconds(-4)) : "3");
            Site.send(exchange, status, "not so fast");
        });
        HttpSource source = site.source("/pods", Map.of());
        watch(source);
        assertThat(failure()).contains("the server answered " + status);
        site.put("/pods", "a");
        watch(source);
        sink.awaitReading();
        List<Site.Request> requests = site.requests("/pods");
        assertThat(Duration.ofNanos(requests.get(1).nanos() - requests.get(0).nanos()))
                .isGreaterThan(Duration.ofMillis(2900)); // a date counts whole seconds
    }

    @ParameterizedTest // H3
    @ValueSource(strings = {"", " \n\n", "# nothing\n", "---\n...\n", "--- # one\n# two\n---\n", "\uFEFF# bom\n",
            "null", "~\n", "--- null # none\n...\n", "%YAML 1.2\n---\n", "# generated\n%YAML 1.2\n--- ~\n"})
    void an_empty_answer_is_a_failure(String content) throws Exception {
        site.on("/pods", exchange -> {
            exchange.getResponseHeaders().set("Content-Length", String.valueOf(content.getBytes(UTF_8).length));
            Site.send(exchange, 200, content);
        });
        watch("/pods", Map.of());
        assertThat(failure()).isEqualTo(
                origin("/pods") + ": the answer is empty; to remove all pods, answer with an empty list, items: []");
    }

    @Test
    void a_page_for_people_is_a_failure() throws Exception {
        site.on("/pods", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
            Site.send(exchange, 200, "kind: Pod");
        });
        watch("/pods", Map.of());
        assertThat(failure()).contains("is an HTML page, such as that of a login");
        site.on("/login", exchange -> Site.send(exchange, 200, "\n <!DOCTYPE html><title>Log in</title>"));
        watch("/login", Map.of());
        assertThat(failure()).contains("is an HTML page, such as that of a login");
    }

    @Test // H2
    void ten_mebibytes_are_read_and_one_byte_more_is_not() throws Exception {
        byte[] full = "a".repeat(Manifest.Text.MAX_BYTES).getBytes(UTF_8);
        site.on("/full", exchange -> Site.send(exchange, 200, full));
        site.on("/over", exchange -> Site.send(exchange, 200, "a".repeat(Manifest.Text.MAX_BYTES + 1)));
        watch("/full", Map.of("timeout", 10));
        assertThat(sink.awaitReading().manifests()).hasSize(1);
        watch("/over", Map.of("timeout", 10));
        assertThat(failure()).isEqualTo(origin("/over") + ": the answer is larger than 10 MiB");
    }

    @Test // H1
    void compressed_content_is_asked_for_and_decompressed() throws Exception {
        site.on("/pods", exchange -> zipped(exchange, gzip("kind: Pod".getBytes(UTF_8))));
        watch("/pods", Map.of());
        sink.awaitTexts(Map.of(origin("/pods"), "kind: Pod"));
        assertThat(site.requests("/pods").getFirst().header("Accept-Encoding")).isEqualTo("gzip");
    }

    @Test // H2
    void what_is_small_only_while_it_is_compressed_is_too_large() throws Exception {
        byte[] bomb = gzip(new byte[Manifest.Text.MAX_BYTES + 1]);
        assertThat(bomb.length).isLessThan(100_000);
        site.on("/pods", exchange -> zipped(exchange, bomb));
        watch("/pods", Map.of());
        assertThat(failure()).endsWith("the answer is larger than 10 MiB");
    }

    @Test
    void compressed_content_that_is_damaged_is_a_failure() throws Exception {
        byte[] whole = gzip("kind: Pod".getBytes(UTF_8));
        site.on("/short", exchange -> zipped(exchange, Arrays.copyOf(whole, whole.length - 9)));
        watch("/short", Map.of());
        assertThat(failure()).endsWith("the answer was cut short: its gzip ends early");
        site.on("/plain", exchange -> zipped(exchange, "kind: Pod".getBytes(UTF_8)));
        watch("/plain", Map.of());
        assertThat(failure()).endsWith("the answer says that it is gzip, and is not");
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void redirects_are_followed_and_the_validators_are_those_of_where_they_lead(int status) throws Exception {
        site.on("/pods", exchange -> Site.redirect(exchange, status, site.url("/v2/pods")));
        site.put("/v2/pods", "a");
        watch("/pods", Map.of());
        sink.awaitTexts(Map.of(origin("/pods"), "a"));
        assertThat(site.awaitRequests("/v2/pods", 2).getLast().header("If-None-Match")).isEqualTo("\"61\"");
        assertThat(site.requests("/pods").getLast().header("If-None-Match")).isEqualTo("null");
    }

    @Test
    void a_redirect_loop_ends() throws Exception {
        site.on("/pods", exchange -> Site.redirect(exchange, site.url("/pods?x=" + SECRET)));
        watch("/pods", Map.of());
        assertThat(failure()).endsWith("redirected more than 5 times, the last time to " + site.url("/pods"));
        assertThat(site.requests("/pods")).hasSize(6);
    }

    @Test
    void all_hops_together_have_one_deadline() throws Exception {
        site.on("/pods", exchange -> {
            later();
            Site.redirect(exchange, site.url("/pods"));
        });
        watch("/pods", Map.of());
        assertThat(failure()).endsWith("no complete answer within 2 s");
    }

    @Test // H3
    void not_modified_is_no_answer_to_somebody_who_knows_nothing() throws Exception {
        site.on("/pods", exchange -> exchange.sendResponseHeaders(304, -1));
        HttpSource source = site.source("/pods", Map.of());
        watch(source);
        assertThat(failure()).endsWith(UNASKED);
        site.put("/pods", "a");
        watch(source);
        sink.awaitTexts(Map.of(origin("/pods"), "a"));
        site.on("/v2/pods", exchange -> exchange.sendResponseHeaders(304, -1));
        site.on("/pods", exchange -> Site.redirect(exchange, site.url("/v2/pods")));
        assertThat(failure()).as("nothing is known of the other URL").endsWith(UNASKED);
        assertThat(sink.current().texts()).isEqualTo(Map.of(origin("/pods"), "a"));
    }

    @ParameterizedTest // H6
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void another_server_does_not_get_the_secrets(int status) throws Exception {
        Path token = Files.writeString(temp.resolve("token"), SECRET + "\n");
        try (Site other = Site.open()) {
            other.put("/pods", "a");
            site.on("/pods", exchange -> Site.redirect(exchange, status, other.url("/pods")));
            watch("/pods", Map.of("token.file", token.toString(), "header.X-Api-Key", SECRET));
            sink.awaitTexts(Map.of(origin("/pods"), "a"));
            assertThat(other.requests("/pods").getFirst().headers().toString()).doesNotContain(SECRET);
            Site.Request own = site.requests("/pods").getFirst();
            assertThat(own.header("Authorization")).isEqualTo("Bearer " + SECRET);
            assertThat(own.header("X-Api-Key")).isEqualTo(SECRET);
        }
    }

    @Test // H1
    void a_token_that_has_expired_is_read_again() throws Exception {
        Path token = Files.writeString(temp.resolve("token"), "old");
        site.on("/pods", exchange -> Site.send(exchange,
                "Bearer new".equals(exchange.getRequestHeaders().getFirst("Authorization")) ? 200 : 401, "a"));
        HttpSource source = site.source("/pods", Map.of("token.file", token.toString()));
        watch(source);
        assertThat(failure()).endsWith("the server answered 401 (Unauthorized): see token.file and header.Authorization");
        Files.delete(token);
        watch(source);
        assertThat(failure()).endsWith("token.file " + token + ": no such file");
        Files.writeString(token, "new\n");
        watch(source);
        sink.awaitReading();
    }

    @Test
    void of_several_urls_one_may_fail_and_is_held() throws Exception {
        site.put("/a", "a");
        site.put("/b", "b");
        watch(Site.source(Map.of("url", site.url("/a") + " " + site.url("/b"))));
        sink.awaitTexts(Map.of(origin("/a"), "a", origin("/b"), "b"));
        site.on("/b", exchange -> Site.send(exchange, 503, "later"));
        sink.awaitTexts(Map.of(origin("/a"), "a", origin("/b"),
                "unreadable: the server answered 503 (Service Unavailable)"));
        site.put("/b", "b");
        sink.awaitTexts(Map.of(origin("/a"), "a", origin("/b"), "b"));
        assertThat(watchings.getLast().ended()).isFalse();
    }

    @Test
    void nothing_is_reported_before_each_url_has_had_its_turn_and_a_slow_one_delays_no_other() throws Exception {
        site.put("/fast", "a");
        site.on("/slow", exchange -> {
            site.put("/slow", "b");
            try {
                site.awaitRequests("/fast", 3); // which goes on meanwhile
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            Site.send(exchange, 200, "b");
        });
        watch(Site.source(Map.of("url", site.url("/fast") + " " + site.url("/slow"), "timeout", 10)));
        assertThat(sink.awaitReading().texts()).isEqualTo(Map.of(origin("/fast"), "a", origin("/slow"), "b"));
    }

    @Test
    void when_all_urls_fail_the_source_does_and_a_quick_failure_does_not_end_the_wait_for_a_slow_answer()
            throws Exception {
        site.on("/a", exchange -> Site.send(exchange, 500, ""));
        site.on("/b", exchange -> Site.send(exchange, 404, ""));
        HttpSource source = Site.source(Map.of("url", site.url("/a") + " " + site.url("/b"), "timeout", 10));
        watch(source);
        assertThat(failure()).isEqualTo(origin("/a") + ": the server answered 500 (Internal Server Error); "
                + origin("/b") + ": the server answered 404 (Not Found)");
        site.on("/b", exchange -> {
            try {
                site.awaitRequests("/a", site.requests("/a").size() + 2);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            Site.send(exchange, 200, "b");
        });
        watch(source);
        sink.awaitTexts(Map.of(origin("/a"), "unreadable: the server answered 500 (Internal Server Error)",
                origin("/b"), "b"));
    }

    @Test
    void what_is_known_is_reported_at_once_when_another_core_begins_to_watch() throws Exception {
        site.put("/pods", "a");
        HttpSource source = site.source("/pods", Map.of("period", 3600));
        Watching first = watch(source);
        sink.awaitReading();
        first.close();
        RecordingSink second = new RecordingSink();
        watchings.add(Watching.start(source, second));
        second.awaitTexts(Map.of(origin("/pods"), "a"));
        assertThat(site.requests("/pods")).hasSize(1);
    }

    @Test // H6
    void secrets_are_in_no_message_and_in_no_origin() throws Exception {
        Path token = Files.writeString(temp.resolve("token"), SECRET);
        Map<String, Object> more = Map.of("token.file", token.toString(), "header.X-Api-Key", SECRET, "url",
                site.url("/pods?key=" + SECRET) + "#" + SECRET);
        for (int status : new int[] {200, 401, 302}) {
            site.on("/pods", exchange -> {
                exchange.getResponseHeaders().set("Location", "/pods?again=" + SECRET + " " + SECRET);
                Site.send(exchange, status, "<html>" + exchange.getRequestHeaders().entrySet() + SECRET);
            });
            watch(site.source("/pods", more));
            assertThat(failure()).startsWith(origin("/pods") + ": ").doesNotContain(SECRET);
        }
        site.put("/pods", "a");
        watch(site.source("/pods", more));
        sink.awaitTexts(Map.of(origin("/pods"), "a"));
    }

    @Test
    void no_thread_is_left_behind() throws Exception {
        site.put("/pods", "a");
        int before = selectors();
        Watching watching = watch("/pods", Map.of());
        sink.awaitReading();
        assertThat(selectors()).isEqualTo(before + 1);
        assertThat(watching.interrupt()).isTrue();
        assertThat(selectors()).isEqualTo(before);
    }

    private static int selectors() {
        return (int) Thread.getAllStackTraces().keySet().stream().filter(t -> t.getName().startsWith("HttpClient-")).count();
    }

    private Watching watch(String path, Map<String, Object> more) {
        return watch(site.source(path, more));
    }

    private Watching watch(HttpSource source) {
        watchings.add(Watching.start(source, sink));
        return watchings.getLast();
    }

    private String failure() throws InterruptedException {
        assertThat(watchings.getLast().failure()).isInstanceOf(IOException.class);
        return String.valueOf(watchings.getLast().failure().getMessage());
    }

    private String origin(String path) {
        return site.url(path).toString();
    }

    private static String time(Duration ago) {
        return ZonedDateTime.now(ZoneOffset.UTC).minus(ago).format(DateTimeFormatter.RFC_1123_DATE_TIME);
    }

    /** It is the server that is slow. */
    private static void later() throws IOException {
        try {
            Thread.sleep(Duration.ofMillis(700));
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
            zip.write(content);
        }
        return out.toByteArray();
    }

    private static void zipped(HttpExchange exchange, byte[] content) throws IOException {
        exchange.getResponseHeaders().set("Content-Encoding", "gzip");
        Site.send(exchange, 200, content);
    }
}
