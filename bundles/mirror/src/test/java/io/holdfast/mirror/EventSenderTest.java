package io.holdfast.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.holdfast.status.PodEvent;

final class EventSenderTest {

    private final Lab lab = new Lab();
    private final FakeApiServer server = lab.server;
    private final Instant now = Instant.now();

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void events_are_where_kubectl_describe_looks_for_them() throws InterruptedException {
        show(event("Started", 1));
        lab.start();
        ObjectNode event = awaitEvents(1).getFirst();
        assertThat(event.at("/involvedObject/uid").asText()).isEqualTo("v1"); // kubectl takes config.mirror for it
        assertThat(event.at("/involvedObject/name").asText()).isEqualTo("web-" + Pods.NODE);
        assertThat(event.at("/message").asText()).isEqualTo("about Started");
        assertThat(event.at("/reportingComponent").asText()).isEqualTo("holdfast.io/agent");
        assertThat(event.at("/eventTime").asText()).matches("....-..-..T..:..:..\\.\\d{6}Z");
        assertThat(event.has("series")).isFalse();
    }

    @Test
    void repeated_ones_are_counted() throws InterruptedException {
        show(event("BackOff", 7));
        lab.start();
        assertThat(awaitEvents(1).getFirst().at("/series/count").asInt()).isEqualTo(7);
    }

    @Test
    void after_a_restart_none_is_there_twice() throws InterruptedException {
        show(event("Started", 1), event("BackOff", 3));
        lab.start();
        awaitEvents(2);
        lab.stop();
        show(event("Started", 1), event("BackOff", 5), event("Killing", 1));
        lab.start();
        awaitEvents(3);
        lab.await("the count is right",
                () -> events().stream().anyMatch(e -> e.at("/series/count").asInt() == 5));
    }

    @Test
    void what_a_server_has_forgotten_already_is_not_sent() throws InterruptedException {
        Instant old = now.minusSeconds(2 * 3600);
        show(new PodEvent(PodEvent.Type.Normal, "Old", "", 1, old, old), event("New", 1));
        lab.start();
        assertThat(awaitEvents(1).getFirst().at("/reason").asText()).isEqualTo("New");
    }

    @Test
    void a_flood_of_them_holds_up_no_pod_and_is_slowed_down() throws InterruptedException {
        List<PodEvent> many = new ArrayList<>();
        for (int n = 0; n < 50; n++) {
            many.add(event("Reason" + n, 1));
        }
        show(many.toArray(PodEvent[]::new));
        lab.start();
        lab.await("some are there", () -> events().size() >= 25);
        lab.show(Pods.runs("other", "v1"));
        lab.awaitPhase("other", "Running");
        assertThat(events()).hasSizeLessThan(50);
        awaitEvents(50);
    }

    @Test
    void one_that_is_refused_does_not_hold_up_the_others() throws InterruptedException {
        List<Integer> refused = new ArrayList<>();
        server.refuse(r -> {
            if (r.verb().equals("create") && r.path().endsWith("/events") && refused.isEmpty()) {
                refused.add(403);
                return Optional.of(FakeApiServer.refused(403, "Forbidden", "no"));
            }
            return Optional.empty();
        });
        show(event("Refused", 1), event("Accepted", 1));
        lab.start();
        assertThat(awaitEvents(1).getFirst().at("/reason").asText()).isEqualTo("Accepted");
    }

    private void show(PodEvent... events) {
        lab.show(Pods.view("web", Pods.desired("web", "v1"), Pods.running(0), events));
    }

    private PodEvent event(String reason, int count) {
        return new PodEvent(PodEvent.Type.Normal, reason, "about " + reason, count, now, now);
    }

    private List<ObjectNode> awaitEvents(int number) throws InterruptedException {
        lab.await(number + " events", () -> events().size() == number);
        return events();
    }

    private List<ObjectNode> events() {
        return server.objects("/events/").toList();
    }
}
