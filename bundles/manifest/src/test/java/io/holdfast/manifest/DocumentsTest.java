package io.holdfast.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DocumentsTest {

    private static Arguments row(String text, String json) {
        return Arguments.of(text, json);
    }

    /** Merges and keys as kubectl 1.32 reads them, but for duplicates, which are faults here. */
    static List<Arguments> readAs() {
        return List.of(
                row("a: 1\n---\n---\nb: 2\n...\n---\n# nothing\n", "{\"a\":1} {\"b\":2}"),
                row("\uFEFFa: 1", "{\"a\":1}"),
                row("b: &x {p: 1, q: 2}\nc: {<<: *x, q: 3}", "{\"b\":{\"p\":1,\"q\":2},\"c\":{\"p\":1,\"q\":3}}"),
                row("c:\n  a: 5\n  <<: {a: 1}", "{\"c\":{\"a\":1}}"),
                row("b: &x {q: 2}\nd: &y {q: 5, r: 6}\nc: {<<: [*x, *y]}",
                        "{\"b\":{\"q\":2},\"d\":{\"q\":5,\"r\":6},\"c\":{\"q\":2,\"r\":6}}"),
                row("c: {<<: {a: 1}, <<: {b: 2}}", "{\"c\":{\"a\":1,\"b\":2}}"),
                row("c: {'<<': 5}", "{\"c\":{\"<<\":5}}"),
                row("1: a\n017: b\n1.5: c\n1e3: d\non: e",
                        "{\"1\":\"a\",\"15\":\"b\",\"1.5\":\"c\",\"1000\":\"d\",\"true\":\"e\"}"),
                row("c: |\n  yes\nd: >-\n  a\n  b", "{\"c\":\"yes\\n\",\"d\":\"a b\"}"),
                row("c:\nd: ''", "{\"c\":null,\"d\":\"\"}"),
                row("{\"a\":\t1,\n\t\"b\": \"x\\/y\\u00e9\\ud83d\\ude00\", \"c\": [true, null, -1.50e2]}",
                        "{\"a\":1,\"b\":\"x/y\u00e9\\ud83d\\ude00\",\"c\":[true,null,-150]}"),
                row(" {\"a\":1}\n---\n{\"b\":[]}{}", "{\"a\":1} {\"b\":[]} {}"),
                row("{\"a\":\"\\n---\"}\n---\n---\n--- {\"b\":2}\n---", "{\"a\":\"\\n---\"} {\"b\":2}"));
    }

    @ParameterizedTest
    @MethodSource
    void readAs(String text, String json) {
        Documents documents = Documents.read(text.getBytes(UTF_8));
        assertThat(documents.broken()).isNull();
        assertThat(documents.list().stream().map(d -> Json.write(d.root()))).containsExactly(json.split(" (?=\\{)"));
    }

    private static String notJson(String place, String expected) {
        return place + " is not JSON (which is what starts with '{'): expected " + expected;
    }

    static List<Arguments> brokenAt() {
        return List.of(
                row("a: b: c", "1:5 is not YAML: mapping values are not allowed here"),
                row("a: [1, 2\nb: 3", "2:2 is not YAML: expected ',' or ']', but got : while parsing a flow sequence"),
                row("a:\n\tb: 1", "2:1 is not YAML: found character '\\t(TAB)' that cannot start any token. (Do not"
                        + " use \\t(TAB) for indentation) while scanning for the next token"),
                row("a: *nope", "1:4 no anchor of this name before this"),
                row("a: &a [1, *a]", "1:11 anchor 'a' contains itself"),
                row("[a]: b", "1:1 expected a string as the key, found a list"),
                row("~: b", "1:1 expected a string as the key, found nothing"),
                row("c: {<<: 5}", "1:5 '<<' expects an object or a list of objects, found a number"),
                row("a: x\u0007", "1:5 is not YAML: found the character U+0007, which it does not allow"),
                row("{\"a\":yes}", "1:6 is not JSON (which is what starts with '{'): expected a value, found 'y'"),
                row("{\"a\":1,\n\t}", "2:2 is not JSON (which is what starts with '{'): expected a key in double"
                        + " quotes, found '}'"),
                row("{\"a\":017}", "1:6 is not JSON (which is what starts with '{'): expected a value, found '0'"),
                row("{\"a\":\"x\ny\"}",
                        "1:8 is not JSON (which is what starts with '{'): expected the closing '\"' in the same line,"
                                + " found ' '"),
                row("{\"a\":-}", notJson("1:6", "a value, found '-'")),
                row("{\"a\":1]", notJson("1:7", "',' or '}', found ']'")),
                row("{\"a\":1 \"b\":2}", notJson("1:8", "',' or '}', found '\"'")),
                row("{\"a\" 1}", notJson("1:6", "':', found '1'")),
                row("{\"a\":1,", notJson("1:8", "the rest of the object, found the end")),
                row("{\"a\":\"x", notJson("1:8", "the closing '\"' in the same line, found the end")),
                row("{\"a\":\"\\q\"}", notJson("1:8", "one of \" \\ / b f n r t u after '\\', found 'q'")),
                row("{\"a\":\"\\u00g0\"}", notJson("1:11", "four hexadecimal digits, found 'g'")),
                row("{\"a\":1} // b", notJson("1:9", "no comment, which JSON does not have, found '/'")),
                row("{}\n---\n{\"a\":\n  yes}", notJson("4:3", "a value, found 'y'")),
                row("{}\n---\n--- [1 2]", notJson("3:8", "',' or ']', found '2'")),
                row("{\"a\":1e400}", "1:6 is not a number that a manifest can hold"),
                row("{\"a\":" + "1".repeat(1001) + "}", "1:1007 has a number of more than 1000 digits"),
                row("{\"a\":[1", "1:8 is not JSON (which is what starts with '{'): expected ',' or ']', found the end"),
                row("[".repeat(200), "1:102 is nested deeper than 100 levels"),
                row("{\"a\":".repeat(200), "1:506 is nested deeper than 100 levels"),
                row("a: - - - ", "1:4 is not YAML: sequence entries are not allowed here"));
    }

    @ParameterizedTest
    @MethodSource
    void brokenAt(String text, String expected) {
        assertThat(broken(text.getBytes(UTF_8))).isEqualTo(expected);
    }

    @Test
    void anAliasBombIsRefused() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 30; i++) {
            bomb.append("a%d: &a%d [%s]\n".formatted(i, i, String.join(", ", Collections.nCopies(10, "*a" + (i - 1)))));
        }
        assertThat(broken(bomb.toString().getBytes(UTF_8)))
                .matches("\\d+:\\d+ aliases make this more than 100000 values larger");
    }

    @Test
    void elevenMebibytesAreRefused() {
        byte[] large = new byte[11 << 20];
        Arrays.fill(large, (byte) '#');
        assertThat(broken(large)).isEqualTo("0:0 is larger than 10 MiB");
    }

    @Test
    void tenMebibytesAreRead() {
        byte[] large = new byte[10 << 20];
        Arrays.fill(large, (byte) '#');
        for (int i = 0; i < large.length; i += 1 << 16) {
            large[i] = '\n';
        }
        assertThat(Documents.read(large)).isEqualTo(new Documents(List.of(), null));
    }

    @Test
    void aLineOfTwoMebibytesIsRefused() {
        byte[] large = new byte[2 << 20];
        Arrays.fill(large, (byte) '#');
        assertThat(broken(large)).isEqualTo("1:1 has a line longer than 1 MiB");
    }

    @Test
    void whatIsNotUtf8IsRefusedWithItsPlace() {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        text.writeBytes("a: \u00e9\nb: ".getBytes(UTF_8));
        text.write(0xe9);
        text.writeBytes("!\n".getBytes(UTF_8));
        assertThat(broken(text.toByteArray())).isEqualTo("2:4 is not UTF-8 at byte 9");
    }

    @Test
    void aReplacementCharacterIsUtf8() {
        assertThat(Documents.read("a: \uFFFD".getBytes(UTF_8)).broken()).isNull();
    }

    @Test
    void whatStandsBeforeTheBrokenPlaceIsRead() {
        Documents documents = Documents.read("a: 1\n---\nb: [\n".getBytes(UTF_8));
        assertThat(documents.list()).hasSize(1);
        assertThat(documents.broken()).isNotNull();
    }

    private static String broken(byte[] content) {
        Fault fault = Documents.read(content).broken();
        return fault == null ? "good" : fault.place().line() + ":" + fault.place().column() + " " + fault.message();
    }
}
