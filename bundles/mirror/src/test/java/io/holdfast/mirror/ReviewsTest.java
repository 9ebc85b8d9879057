package io.holdfast.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.Test;

import io.holdfast.cell.Cell;

final class ReviewsTest {

    private final FakeApiServer server = new FakeApiServer(Pods.NODE);
    private final Cell<Instant> clock = new Cell<>(Pods.NOW);
    private final Reviews reviews = new Reviews(server, Pods.NODE, clock::value);

    @Test
    void answers_are_remembered_for_a_while() throws Exception {
        for (int n = 0; n < 3; n++) {
            assertThat(asks("kube-apiserver")).isTrue();
            assertThat(asks("mallory")).isFalse();
        }
        assertThat(questions()).isEqualTo(2);
        pass(Duration.ofSeconds(31));
        assertThat(List.of(asks("mallory"), asks("kube-apiserver"))).containsExactly(false, true);
        assertThat(questions()).isEqualTo(3);
        pass(Duration.ofMinutes(5));
        assertThat(asks("kube-apiserver")).isTrue();
        assertThat(questions()).isEqualTo(4);
    }

    @Test
    void only_so_many_are_remembered() throws Exception {
        for (int n = 0; n <= 1000; n++) {
            asks("user" + n);
        }
        asks("user1000");
        assertThat(questions()).isEqualTo(1001);
        asks("user0");
        assertThat(questions()).isEqualTo(1002);
    }

    @Test
    void without_a_server_nobody_can_tell_but_what_was_told_holds() throws Exception {
        asks("kube-apiserver");
        server.goDown();
        assertThat(asks("kube-apiserver")).isTrue();
        assertThatThrownBy(() -> asks("mallory")).isInstanceOf(IOException.class)
                .hasMessage("the API server does not tell what mallory may do: connection refused");
    }

    private boolean asks(String user) throws IOException, InterruptedException {
        return reviews.allows(user, List.of("system:masters"), "get", "proxy");
    }

    private long questions() {
        return server.requests("create", Paths.REVIEWS);
    }

    private void pass(Duration time) {
        clock.update(now -> now.plus(time));
    }
}
