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
}
