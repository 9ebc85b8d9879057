package io.holdfast.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What people read when their ConfigMap or Secret is wrong, word for word; never what a Secret holds. */
class BadObjectTest {

    private static Arguments row(String text, String... faults) {
        return Arguments.of(text, List.of(faults));
    }

    /** From line 4 on. */
    private static Arguments configMap(String more, String... faults) {
        return row("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\n" + more, faults);
    }

    private static Arguments secret(String more, String... faults) {
        return row("apiVersion: v1\nkind: Secret\nmetadata: {name: web}\n" + more, faults);
    }

    static Stream<Arguments> objects() {
        return Stream.of( // I3, I4
                row("apiVersion: v1\nkind: Secret\n", "1:1 metadata.name: is required"),
                row("apiVersion: v2\nkind: ConfigMap\nmetadata: {name: web}\n", "1:13 apiVersion: expected v1, found 'v2'"),
                row("apiVersion: v1\nkind: Secret\nmetadata: {name: We_b, namespace: a.b, labels: {a b: c}}\n",
                        "3:18 metadata.name: must be a DNS name: at most 253 lower-case letters, digits, '-' and '.', with"
                                + " a letter or digit at both ends of each part; found 'We_b'",
                        "3:35 metadata.namespace: must be a DNS label: at most 63 lower-case letters, digits and '-', with"
                                + " a letter or digit at both ends; found 'a.b'",
                        "3:54 metadata.labels[a b]: the key must be a name of at most 63 letters, digits, '-', '_' and '.',"
                                + " with a letter or digit at both ends, after an optional DNS name and '/'"),
                configMap("dat: {a: b}\n", "4:1 dat: unknown field; did you mean 'data'?"),
                configMap("stringData: {a: b}\n", "4:1 stringData: unknown field"),
                configMap("data: {a: b}\ndata: {a: c}\n", "5:1 data: is given twice, first in line 4"),
                configMap("data: {a: 1, b: yes, c: {}}\n",
                        "4:11 data[a]: expected a string, found a number; a string stands in quotes",
                        "4:17 data[b]: expected a string, found a boolean; a string stands in quotes",
                        "4:25 data[c]: expected a string, found an object; a string stands in quotes"),
                configMap("data: {a b: x, ..c: y}\nbinaryData: {d: '*'}\n",
                        "4:8 data[a b]: the key must be at most 253 letters, digits, '-', '_' and '.', not '.' and not"
                                + " beginning with '..'",
                        "4:16 data[..c]: the key must be at most 253 letters, digits, '-', '_' and '.', not '.' and not"
                                + " beginning with '..'",
                        "5:17 binaryData[d]: must be base64"),
                configMap("data: {a: x}\nbinaryData: {a: eA==}\n", "5:17 binaryData[a]: is in data, too"),
                configMap("immutable: 'true'\n", "4:12 immutable: expected a boolean, found the string 'true'"),
                configMap("data:\n  a: " + "x".repeat(1024 * 1024 - 100) + "\n  b: " + "y".repeat(101) + "\n",
                        "5:3 data: must not be larger than 1 MiB together, found 1048577 bytes"),
                secret("data: {password: hunter2}\n",
                        "4:18 data[password]: must be base64; stringData takes plain text"),
                secret("data: {password: eHg}\n", "4:18 data[password]: must be base64; stringData takes plain text"),
                secret("data: hunter2\n", "4:7 data: expected an object, found a string"),
                secret("stringData: {pin: 4711, word: {hunter2: x}}\n",
                        "4:19 stringData[pin]: expected a string, found a number; a string stands in quotes",
                        "4:31 stringData[word]: expected a string, found an object; a string stands in quotes"),
                secret("binaryData: {a: eA==}\n", "4:1 binaryData: unknown field"),
                secret("type: kubernetes.io/tls\ndata: {tls.crt: eA==}\n",
                        "5:7 data[tls.key]: is required in a Secret of type kubernetes.io/tls"));
    }

    @ParameterizedTest
    @MethodSource
    void objects(String text, List<String> faults) {
        assertThat(BadManifestTest.faults(PodReaderTest.reading(text))).isEqualTo(faults);
    }

    static Stream<String> brokenSecrets() {
        return Stream.of("stringData: {word: *hunter2}", "stringData: {<<: hunter2}",
                "data: {word: !!binary hunter2*}", "data: {word: !!int hunter2}", "data: [hunter2]",
                "stringData: {word: hunter2", "stringData: {word: {{hunter2}}}", "stringData: {word: 'hunter2}");
    }

    @ParameterizedTest
    @MethodSource
    void brokenSecrets(String more) {
        String text = "apiVersion: v1\nkind: Secret\nmetadata: {name: web}\n" + more + "\n";
        Reading reading = PodReaderTest.reading(text);
        assertThat(reading.broken() != null || !BadManifestTest.faults(reading).isEmpty()).isTrue();
        assertThat(reading.toString()).doesNotContain("hunter2");
    }

    @Test
    void inAListTheFaultSaysWhichItem() {
        String list = "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Secret, metadata: {name: a},"
                + " stringData: {a: 1}}\n";
        assertThat(BadManifestTest.faults(PodReaderTest.reading(list)))
                .containsExactly("4:71 items[0].stringData[a]: expected a string, found a number; a string stands in"
                        + " quotes");
    }
}
