package io.holdfast.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {

    private static final List<String> KNOWN = List.of("period", "path", "url", "restartPolicy", "containers");

    @ParameterizedTest(name = "{0} was meant to be {1}")
    @CsvSource({"perod, period", "peroid, period", "PERIOD, period", "pth, path", "ulr, url", "restartpolicy, restartPolicy",
            "container, containers", "contianers, containers", "periods, period"})
    void findsWhatWasMeant(String word, String meant) {
        assertThat(Nearest.to(word, KNOWN)).contains(meant);
    }

    @ParameterizedTest
    @CsvSource({"frequency", "x", "volumes", "pa"})
    void doesNotGuessFarOff(String word) {
        assertThat(Nearest.to(word, KNOWN)).isEmpty();
        assertThat(Nearest.hint(word, KNOWN)).isEmpty();
    }

    @Test
    void asksTheReader() {
        assertThat(Nearest.hint("perod", KNOWN)).isEqualTo("; did you mean 'period'?");
    }

    @Test
    void amongEquallyNearOnesTheFirstInTheAlphabetIsTaken() {
        assertThat(Nearest.to("cat", List.of("hat", "bat"))).contains("bat");
    }
}
