package io.holdfast.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantityTest {

    @ParameterizedTest(name = "{0} is {1}, or {2} thousandths")
    @CsvSource({"0, 0, 0", "1, 1, 1000", "1.5, 2, 1500", "250m, 1, 250", "1500m, 2, 1500", "64Mi, 67108864, 67108864000",
            "1k, 1000, 1000000", "1Ki, 1024, 1024000", "1e3, 1000, 1000000", "12E2, 1200, 1200000", "1E-1, 1, 100",
            "2G, 2000000000, 2000000000000", ".5Gi, 536870912, 536870912000", "1., 1, 1000", "100n, 1, 1",
            "1u, 1, 1", "-1, -1, -1000", "+3, 3, 3000", "0.1m, 1, 1"})
    void isReadAsKubernetesDoes(String text, long value, long thousandths) {
        assertThat(new Quantity(text).value()).isEqualTo(value);
        assertThat(new Quantity(text).milliValue()).isEqualTo(thousandths);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " 1", "1 Mi", "1MB", "1ki", "1K", "m", "1.2.3", "1e", "1e3Mi", "0x10", "--1", "."})
    void refusesWhatIsNone(String text) {
        assertThatThrownBy(() -> new Quantity(text)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'" + text + "' is not a quantity such as 250m, 1.5 or 64Mi");
    }

    @Test
    void isExact() {
        assertThat(new Quantity("1Ei").amount()).isEqualByComparingTo("1152921504606846976");
        assertThat(new Quantity("0.000000001").amount()).isEqualByComparingTo(new Quantity("1n").amount());
    }

    @Test
    void showsWhatWasWritten() {
        assertThat(new Quantity("0.50Gi")).hasToString("0.50Gi");
    }
}
