package io.holdfast.source.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

final class PaceTest {

    private static final Duration PERIOD = Duration.ofSeconds(20);

    private final Pace least = new Pace(PERIOD, drawing(0));
    private final Pace middle = new Pace(PERIOD, drawing(0.5));
    private final Pace most = new Pace(PERIOD, drawing(1));

    @Test // H1
    void polls_are_a_period_apart_give_or_take_a_tenth() {
        assertThat(least.afterSuccess(true)).isEqualTo(Duration.ofSeconds(18));
        assertThat(middle.afterSuccess(true)).isEqualTo(PERIOD);
        assertThat(most.afterSuccess(true)).isEqualTo(Duration.ofSeconds(22));
    }

    @Test
    void a_thousand_nodes_that_start_together_spread_over_the_period_with_their_second_poll() {
        Pace pace = new Pace(PERIOD, new Random(1));
        int[] perSecond = new int[20];
        Stream.generate(() -> pace.afterSuccess(false)).limit(1000).forEach(d -> perSecond[(int) d.toSeconds()]++);
        assertThat(IntStream.of(perSecond)).allMatch(n -> n > 25 && n < 80);
    }

    @Test
    void failures_are_retried_soon_and_then_less_often_up_to_the_period() {
        assertThat(IntStream.rangeClosed(1, 7).mapToObj(n -> middle.afterFailure(n, Duration.ZERO).toSeconds()))
                .containsExactly(1L, 2L, 4L, 8L, 16L, 20L, 20L);
        assertThat(middle.afterFailure(100_000, Duration.ZERO)).isEqualTo(PERIOD);
        assertThat(least.afterFailure(3, Duration.ZERO)).isEqualTo(Duration.ofSeconds(2));
        assertThat(most.afterFailure(3, Duration.ZERO)).isEqualTo(Duration.ofSeconds(6));
        assertThat(most.afterFailure(9, Duration.ZERO)).isEqualTo(PERIOD);
    }

    @Test
    void a_server_may_ask_for_a_pause_of_ten_periods() {
        assertThat(least.afterFailure(1, Duration.ofSeconds(90))).isEqualTo(Duration.ofSeconds(90));
        assertThat(most.afterFailure(1, Duration.ofSeconds(90))).isEqualTo(Duration.ofSeconds(99));
        assertThat(least.afterFailure(1, Duration.ofDays(4000))).isEqualTo(PERIOD.multipliedBy(10));
    }

    private static RandomGenerator drawing(double value) {
        return new RandomGenerator() {
            @Override
            public long nextLong() {
                return 0;
            }

            @Override
            public double nextDouble() {
                return value;
            }
        };
    }
}
