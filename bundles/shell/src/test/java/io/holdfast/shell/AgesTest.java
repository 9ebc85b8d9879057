package io.holdfast.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AgesTest {

    @ParameterizedTest
    @CsvSource({"PT-5S, 0s", "PT0S, 0s", "PT45S, 45s", "PT119S, 119s", "PT2M, 2m", "PT3M30S, 3m30s", "PT10M5S, 10m",
            "PT179M, 179m", "PT3H, 3h", "PT5H20M, 5h20m", "PT9H10M, 9h", "PT47H, 47h", "P2DT4H, 2d4h", "P7D, 7d",
            "P30DT5H, 30d", "P800D, 2y70d"})
    void are_told_as_kubectl_tells_them(Duration age, String told) {
        assertThat(Ages.of(age)).isEqualTo(told);
    }
}
