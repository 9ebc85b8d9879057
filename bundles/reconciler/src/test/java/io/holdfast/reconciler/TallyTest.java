package io.holdfast.reconciler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.holdfast.pod.Probe;

/** Behaviour P3: thresholds count results in a row. */
class TallyTest {

    record Row(String sentence, int successThreshold, int failureThreshold, String results, String certain) {
        @Override
        public String toString() {
            return sentence;
        }
    }

    static Stream<Row> rows() {
        return Stream.of(
                new Row("one of each is enough", 1, 1, "+-+", "+-+"),
                new Row("the third failure in a row counts, and those after it", 1, 3, "----", "..--"),
                new Row("a success in between begins anew", 1, 3, "--+--", "..+.."),
                new Row("two successes in a row are wanted", 2, 1, "+-++", ".-.+"),
                new Row("the very first failure is the first in a row", 1, 2, "--", ".-"));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void countsResultsInARow(Row row) {
        Tally tally = new Tally(new Probe(null, null, null, null, 0, 1, 1, row.successThreshold(), row.failureThreshold(), null));
        List<String> certain = row.results().chars().mapToObj(c -> tally.count(c == '+').map(s -> s ? "+" : "-").orElse("."))
                .toList();
        assertThat(String.join("", certain)).isEqualTo(row.certain());
    }
}
