package io.holdfast.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import org.junit.jupiter.api.Test;

/** What is asked of the kernel is what it grants. */
class OomScoreTest {

    private static final List<String> ALL = List.of("Name:\tjava", "CapEff:\t0000000000000000",
            "CapBnd:\t000001ffffffffff");
    private static final List<String> WITHOUT_RESOURCE = List.of("Name:\tjava", "CapEff:\t000001fffeffffff",
            "CapBnd:\t000001fffeffffff");

    @Test
    void whereAnythingIsPossibleItIsAsWanted() { // G6
        assertThat(OomScore.possible(-997, ALL, "0\n")).isEqualTo(-997);
        assertThat(OomScore.possible(500, ALL, "0\n")).isEqualTo(500);
    }

    @Test
    void withoutTheRightForItNothingIsSparedMoreThanTheAgent() {
        assertThat(OomScore.possible(-997, WITHOUT_RESOURCE, "0\n")).isZero();
        assertThat(OomScore.possible(-997, WITHOUT_RESOURCE, "-500\n")).isEqualTo(-500);
        assertThat(OomScore.possible(500, WITHOUT_RESOURCE, "0\n")).isEqualTo(500);
    }

    @Test
    void thisMachineSaysSomething() {
        assertThat(OomScore.possible(1000)).isEqualTo(1000);
    }
}
