package io.holdfast.mirror;

import static io.holdfast.mirror.Pods.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

import org.junit.jupiter.api.Test;

final class PaceTest {

    @Test
    void some_go_at_once_and_then_one_in_each_interval() {
        Pace pace = new Pace(Duration.ofMillis(100), 3);
        for (int n = 0; n < 3; n++) {
            assertThat(pace.next(NOW)).isBeforeOrEqualTo(NOW);
            pace.take(NOW);
        }
        assertThat(pace.next(NOW)).isEqualTo(NOW.plusMillis(100));
        pace.take(NOW.plusMillis(100));
        assertThat(pace.next(NOW.plusMillis(100))).isEqualTo(NOW.plusMillis(200));
        assertThat(pace.next(NOW.plusSeconds(1))).isEqualTo(NOW.plusSeconds(1));
    }

    @Test
    void waits_double_up_to_the_longest() {
        Backoff backoff = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(5));
        assertThat(backoff.after(1)).isEqualTo(Duration.ofSeconds(1));
        assertThat(backoff.after(4)).isEqualTo(Duration.ofSeconds(8));
        assertThat(backoff.after(1000)).isEqualTo(Duration.ofMinutes(5));
    }
}
