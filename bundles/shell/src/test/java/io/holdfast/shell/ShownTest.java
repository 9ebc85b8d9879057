package io.holdfast.shell;

import static io.holdfast.shell.Views.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import io.holdfast.pod.PodName;
import io.holdfast.status.Publication;
import io.holdfast.status.PodStatus.Phase;

final class ShownTest {

    private static final PodName WEB = new PodName("default", "web-node1");

    @Test
    void a_pod_is_shown_somewhere() {
        assertThat(shown(state(null, null, Map.of()))).isEqualTo("as default/web-node1 at https://api:6443");
        assertThat(PodDescription.of(Views.view("web-node1", Views.podStatus(Phase.Running, List.of())),
                Map.of("mirror", state(null, null, Map.of())), NOW))
                .contains("Mirror:         as default/web-node1 at https://api:6443\n");
    }

    @Test
    void a_refusal_says_why_and_when_it_is_tried_again() { // M8
        Publication.Refusal refusal = new Publication.Refusal("namespaces \"x\" not found", NOW.minusSeconds(7), 3,
                NOW.plusSeconds(8));
        assertThat(shown(state(null, null, Map.of(WEB, refusal))))
                .isEqualTo("refused: namespaces \"x\" not found; tried 3 times in 7s, next in 8s");
    }

    @Test
    void what_cannot_be_shown_is_not_tried() {
        Publication.Refusal refusal = new Publication.Refusal("it refers to a Secret", NOW, 0, Instant.MAX);
        assertThat(shown(state(null, null, Map.of(WEB, refusal)))).isEqualTo("not shown: it refers to a Secret");
    }

    @Test
    void a_server_that_is_away_is_said_first() { // M9
        assertThat(shown(state("connection refused", NOW.minusSeconds(42), Map.of())))
                .isEqualTo("not up to date: the server https://api:6443 has failed for 42s: connection refused");
        assertThat(shown(state("not asked yet", null, Map.of())))
                .isEqualTo("not up to date: the server https://api:6443 was not reached yet: not asked yet");
    }

    private static String shown(Publication.State state) {
        return Shown.of(WEB, state, NOW);
    }

    private static Publication.State state(@Nullable String failure, @Nullable Instant since,
            Map<PodName, Publication.Refusal> refused) {
        return new Publication.State("https://api:6443", failure, since, 1, refused);
    }
}
