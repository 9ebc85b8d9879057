package io.holdfast.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BackoffTest {

    @ParameterizedTest
    @CsvSource({"1,0,0,200", "2,0,0,400", "3,0,0,800", "8,0,0,25600", "9,0,0,30000", "1000000,0,0,30000", "1,0,0.5,250",
            "9,0,1,45000", "1,0,1,300", "1,7,0,7000", "1,7,1,7100", "9,7,0,30000", "2147483647,60,0,60000"})
    void a_wait_doubles_and_is_never_shorter_than_the_server_asks(int failures, int asked, double chance, long millis) {
        RandomGenerator random = new RandomGenerator() {
            @Override
            public long nextLong() {
                throw new AssertionError("not asked for");
            }

            @Override
            public double nextDouble() {
                return chance;
            }
        };
        Optional<Duration> theirs = asked == 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(asked));
        assertThat(Backoff.usual(random).after(failures, theirs)).isEqualTo(Duration.ofMillis(millis));
    }
}
