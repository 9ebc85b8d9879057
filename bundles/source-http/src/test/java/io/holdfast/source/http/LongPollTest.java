package io.holdfast.source.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import com.sun.net.httpserver.HttpExchange;

import io.holdfast.cell.Cell;
import io.holdfast.testkit.RecordingSink;
import io.holdfast.testkit.Watching;

/** H1: {@code Prefer: wait}. */
final class LongPollTest {

    private final RecordingSink sink = new RecordingSink();
    private final Cell<String> content = new Cell<>("one");
    private Site site;

    @BeforeEach
    void begin() throws Exception {
        site = Site.open();
    }

    @AfterEach
    void end() {
        site.close();
    }

    @Test
    void news_arrive_at_once_from_a_server_that_waits_and_the_period_does_not_matter() throws Exception {
        site.on("/pods", exchange -> hold(exchange, Duration.ofSeconds(60)));
        try (Watching _ = watch(Map.of("long.poll", 60, "period", 10))) {
            int asked = 1;
            for (String news : List.of("two", "three", "four")) {
                site.awaitRequests("/pods", ++asked);
                long changed = System.nanoTime();
                content.set(news);
                sink.awaitTexts(Map.of(site.url("/pods").toString(), news));
                assertThat(Duration.ofNanos(System.nanoTime() - changed)).isLessThan(Duration.ofSeconds(5));
            }
        }
        List<Site.Request> requests = site.requests("/pods");
        assertThat(requests.getFirst().header("Prefer")).as("nothing to compare with yet").isEqualTo("null");
        assertThat(requests.get(1).header("Prefer")).isEqualTo("wait=60");
    }

    @Test
    void a_server_that_ignores_it_is_polled_at_the_usual_pace() throws Exception {
        site.put("/pods", "one");
        try (Watching _ = watch(Map.of("long.poll", 60))) {
            List<Site.Request> requests = site.awaitRequests("/pods", 4);
            assertThat(requests.get(2).header("Prefer")).isEqualTo("wait=60");
            assertThat(apart(requests, 2)).isGreaterThan(Duration.ofMillis(500));
            assertThat(apart(requests, 3)).isGreaterThan(Duration.ofMillis(500));
        }
    }

    @Test
    void a_server_that_only_says_that_it_waits_does_not_make_the_source_spin() throws Exception {
        site.on("/pods", exchange -> {
            exchange.getResponseHeaders().set("Preference-Applied", "wait=60");
            hold(exchange, Duration.ZERO);
        });
        try (Watching _ = watch(Map.of("long.poll", 60))) {
            List<Site.Request> requests = site.awaitRequests("/pods", 4);
            assertThat(apart(requests, 3)).isGreaterThan(Duration.ofMillis(500));
        }
    }

    @Test
    void a_server_that_sends_the_same_with_ever_new_tags_does_not_make_the_source_spin() throws Exception {
        site.on("/pods", exchange -> {
            exchange.getResponseHeaders().set("ETag", "\"" + System.nanoTime() + "\"");
            exchange.getResponseHeaders().set("Preference-Applied", "wait=60");
            Site.send(exchange, 200, "one");
        });
        try (Watching _ = watch(Map.of("long.poll", 60))) {
            List<Site.Request> requests = site.awaitRequests("/pods", 4);
            assertThat(apart(requests, 3)).isGreaterThan(Duration.ofMillis(500));
        }
    }

    @Test
    void a_server_that_is_merely_slow_is_polled_at_the_usual_pace() throws Exception {
        site.on("/pods", exchange -> {
            exchange.getResponseHeaders().set("ETag", "\"1\"");
            later();
            if (exchange.getRequestHeaders().containsKey("If-None-Match")) {
                exchange.sendResponseHeaders(304, -1);
            } else {
                Site.send(exchange, 200, "one");
            }
        });
        assertPausesOfAPeriod();
    }

    @Test
    void a_slow_server_that_sends_the_same_again_is_polled_at_the_usual_pace() throws Exception {
        site.on("/pods", exchange -> {
            exchange.getResponseHeaders().set("ETag", "\"" + System.nanoTime() + "\"");
            exchange.getResponseHeaders().set("Preference-Applied", "wait=60");
            later();
            Site.send(exchange, 200, "one");
        });
        assertPausesOfAPeriod();
    }

    @Test
    void ever_new_content_as_of_two_replicas_is_asked_for_twice_in_a_period_at_most() throws Exception {
        site.on("/pods", exchange -> {
            String now = exchange.getRequestHeaders().containsKey("If-None-Match") && site.requests("/pods").size() % 2 == 0
                    ? "two" : "one";
            exchange.getResponseHeaders().set("ETag", "\"" + now + "\"");
            exchange.getResponseHeaders().set("Preference-Applied", "wait=60");
            Site.send(exchange, 200, now);
        });
        try (Watching _ = watch(Map.of("long.poll", 60, "period", 3))) {
            List<Site.Request> requests = site.awaitRequests("/pods", 5);
            assertThat(apart(requests, 2)).as("once, at once").isLessThan(Duration.ofMillis(2500));
            assertThat(apart(requests, 3)).isGreaterThan(Duration.ofMillis(2600));
            assertThat(apart(requests, 4)).as("once, at once").isLessThan(Duration.ofMillis(2500));
        }
    }

    @Test
    void when_the_wait_is_over_without_news_it_begins_again_at_once() throws Exception {
        site.on("/pods", exchange -> hold(exchange, Duration.ofMillis(1200)));
        try (Watching _ = watch(Map.of("long.poll", 2, "period", 10))) {
            List<Site.Request> requests = site.awaitRequests("/pods", 4);
            assertThat(apart(requests, 3)).isLessThan(Duration.ofSeconds(5));
        }
    }

    @Test
    void an_answer_may_take_the_wait_and_the_timeout_together() throws Exception {
        site.on("/pods", exchange -> hold(exchange, Duration.ofSeconds(4)));
        try (Watching _ = watch(Map.of("long.poll", 3, "timeout", 3))) {
            site.awaitRequests("/pods", 3);
            sink.await("a reading after a long wait", r -> r.readings() > 1);
        }
        site.on("/pods", exchange -> hold(exchange, Duration.ofSeconds(30)));
        try (Watching watching = watch(Map.of("long.poll", 1, "timeout", 2))) {
            assertThat(watching.failure()).hasMessageEndingWith("no complete answer within 3 s");
        }
    }

    private void assertPausesOfAPeriod() throws InterruptedException {
        try (Watching _ = watch(Map.of("long.poll", 60))) {
            List<Site.Request> requests = site.awaitRequests("/pods", 4);
            assertThat(apart(requests, 3)).as("more than the 1.2 s that an answer takes").isGreaterThan(Duration.ofMillis(1800));
        }
    }

    /** It is the server that is slow. */
    private static void later() throws IOException {
        try {
            Thread.sleep(Duration.ofMillis(1200));
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private Watching watch(Map<String, Object> more) {
        return Watching.start(site.source("/pods", more), sink);
    }

    private static Duration apart(List<Site.Request> requests, int second) {
        return Duration.ofNanos(requests.get(second).nanos() - requests.get(second - 1).nanos());
    }

    private void hold(HttpExchange exchange, Duration most) throws IOException {
        try {
            Cell.Versioned<String> now = content.current();
            if (tag(now).equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
                now = content.after(now.version(), most);
                exchange.getResponseHeaders().set("Preference-Applied", "wait=60");
            }
            exchange.getResponseHeaders().set("ETag", tag(now));
            if (tag(now).equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
                exchange.sendResponseHeaders(304, -1);
            } else {
                Site.send(exchange, 200, now.value());
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static String tag(Cell.Versioned<String> version) {
        return "\"" + version.version() + "\"";
    }
}
