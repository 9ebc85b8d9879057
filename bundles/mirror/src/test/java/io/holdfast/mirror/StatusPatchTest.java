package io.holdfast.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Behaviour M6. */
final class StatusPatchTest {

    private final ObjectNode wanted = Statuses.make(Pods.running(0));

    @Test
    void it_is_what_a_kubelet_writes() { // as captured
        assertThat(wanted.at("/conditions/0").toString()).contains("\"lastProbeTime\":null")
                .contains("\"lastTransitionTime\":\"2026-11-22T09:00:00Z\"");
        assertThat(wanted.at("/hostIPs/0/ip").asText()).isEqualTo(wanted.path("hostIP").asText()).isEqualTo("192.0.2.7");
        assertThat(wanted.at("/containerStatuses/0/lastState").toString()).isEqualTo("{}");
        assertThat(wanted.path("startTime").asText()).isEqualTo("2026-11-22T09:00:00Z");
    }

    @Test
    void what_is_there_already_needs_none() {
        assertThat(StatusPatch.of(wanted, wanted.deepCopy())).isEmpty();
    }

    @Test
    void only_what_differs_is_in_it_and_what_is_to_go_is_null() {
        ObjectNode there = wanted.deepCopy().put("phase", "Failed").put("reason", "Evicted");
        assertThat(StatusPatch.of(wanted, there).toString()).isEqualTo("{\"phase\":\"Running\",\"reason\":null}");
    }

    @Test
    void a_condition_that_says_the_same_keeps_its_time_and_others_stay() throws JsonProcessingException {
        ObjectNode there = read("""
                {"conditions":[{"type":"Ready","status":"True","lastTransitionTime":"2026-01-01T00:00:00Z"},\
                {"type":"example.com/Seen","status":"True"}]}""");
        assertThat(StatusPatch.of(wanted, there).path("conditions").toString())
                .contains("2026-01-01T00:00:00Z", "example.com/Seen").doesNotContain("09:00:00");
        ((ObjectNode) there.at("/conditions/0")).put("status", "False");
        assertThat(StatusPatch.of(wanted, there).at("/conditions/0/lastTransitionTime").asText())
                .isEqualTo("2026-11-22T09:00:00Z");
    }

    @Test
    void the_class_that_the_server_has_worked_out_stands() {
        assertThat(StatusPatch.of(wanted, wanted.deepCopy().put("qosClass", "Burstable"))).isEmpty();
    }

    @Test
    void what_an_older_server_does_not_know_is_no_reason_to_ask() {
        ObjectNode there = wanted.deepCopy();
        there.remove("hostIPs");
        assertThat(StatusPatch.of(wanted, there)).isEmpty();
        assertThat(StatusPatch.of(wanted, there.put("phase", "Pending")).has("hostIPs")).isTrue();
    }

    private static ObjectNode read(String json) throws JsonProcessingException {
        return (ObjectNode) MirrorObject.JSON.readTree(json);
    }
}
