package io.holdfast.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The right side is what {@code kubectl label --local --dry-run=client -o json} 1.32 prints for the left side. */
class ScalarsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            yes        | true
            YES        | true
            yEs        | "yEs"
            on         | true
            Off        | false
            NO         | false
            y          | true
            Y          | true
            n          | false
            N          | false
            True       | true
            tRue       | "tRue"
            ~          | null
            Null       | null
            nULL       | "nULL"
            017        | 15
            -017       | -15
            0o17       | 15
            -0o17      | -15
            0O17       | 15
            0o8        | "0o8"
            08         | 8
            00         | 0
            0x1F       | 31
            -0x1F      | -31
            0x         | "0x"
            0b11       | 3
            0b2        | "0b2"
            0b1_0      | 2
            +12        | 12
            -0         | 0
            1_000      | 1000
            1_         | 1
            _1         | "_1"
            12:30:45   | "12:30:45"
            2020-01-01 | "2020-01-01"
            .5         | 0.5
            -.5        | -0.5
            +.5        | 0.5
            5.         | 5
            1.0        | 1
            1_0.5      | 10.5
            0.1e1_0    | 1000000000
            1e3        | 1000
            1.e3       | 1000
            12e03      | 12000
            1e-3       | 0.001
            0.00001    | 0.00001
            1e-7       | 1e-7
            1e20       | 100000000000000000000
            1e21       | 1e+21
            1e400      | "1e400"
            e3         | "e3"
            1e         | "1e"
            .          | "."
            +          | "+"
            1.2.3      | "1.2.3"
            100m       | "100m"
            0x1p3      | "0x1p3"
            inf        | "inf"
            Infinity   | "Infinity"
            9223372036854775807            | 9223372036854775807
            -9223372036854775808           | -9223372036854775808
            123456789012345678901234567890 | 1.2345678901234568e+29
            123456789.125                  | 123456789.125
            !!str 5    | "5"
            ! 5        | "5"
            !!int "5"  | 5
            !!bool "yes" | true
            !!binary aGk= | "hi"
            !foo x     | "x"
            'yes'      | "yes"
            "017"      | "017"
            """)
    void plainWordsMeanWhatKubernetesTakesThemFor(String written, String json) {
        assertThat(Json.write(value(written))).isEqualTo(json);
    }

    @ParameterizedTest
    @ValueSource(strings = { ".inf", "-.Inf", ".nan", "+.INF" })
    void whatJsonCannotHoldIsRefused(String written) {
        assertThatThrownBy(() -> value(written)).hasMessage("is not a number that a manifest can hold");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            !!int 1.5 | the tag says an integer, and it is none
            !!null x  | the tag says nothing, and it is none
            !!binary "*" | the tag says base64, and it is none
            """)
    void aTagThatDoesNotFitIsRefused(String written, String message) {
        assertThatThrownBy(() -> value(written)).hasMessage(message);
    }

    private static Tree value(String written) {
        List<Documents.Document> documents = new ArrayList<>();
        new YamlReader("k: " + written + "\n").read(documents);
        return ((Tree.Obj) documents.getFirst().root()).fields().values().iterator().next();
    }
}
