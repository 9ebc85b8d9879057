package io.holdfast.reconciler;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

class BackoffTest {

    private final Backoff backoff = Settings.DEFAULT.backoff();

    @Test
    void doublesUpToItsLimit() { // C4
        assertThat(Stream.iterate(Duration.ZERO, backoff::after).limit(8).map(Duration::toSeconds))
                .containsExactly(0L, 10L, 20L, 40L, 80L, 160L, 300L, 300L);
    }

    @Test
    void growsWithEachFailure() {
        assertThat(IntStream.rangeClosed(1, 7).mapToObj(backoff::afterFailures).map(Duration::toSeconds))
                .containsExactly(10L, 20L, 40L, 80L, 160L, 300L, 300L);
        assertThat(backoff.afterFailures(Integer.MAX_VALUE)).hasSeconds(300);
    }

    @Test
    void aFirstWaitAtTheLimitStaysThere() {
        Backoff flat = new Backoff(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ZERO);
        assertThat(flat.afterFailures(3)).hasSeconds(5);
        assertThat(flat.after(Duration.ofSeconds(5))).hasSeconds(5);
    }
}
