package io.holdfast.reconciler;

import static io.holdfast.reconciler.TestPods.app;
import static io.holdfast.reconciler.TestPods.container;
import static io.holdfast.reconciler.TestPods.pod;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

import io.holdfast.pod.EnvVar.ResourceFieldRef;
import io.holdfast.pod.Pod;

class PodFieldsTest { // the environment's fields are in EnvironmentTest

    /** What Go's {@code %q} makes of them. */
    static final List<Map.Entry<String, String>> QUOTED = List.of(Map.entry("plain text", "\"plain text\""),
            Map.entry("", "\"\""), Map.entry("a\"b\\c", "\"a\\\"b\\\\c\""), Map.entry("1\n2\t3\r", "\"1\\n2\\t3\\r\""),
            Map.entry("\u0007\b\f\u000b\u0000\u001f\u007f", "\"\\a\\b\\f\\v\\x00\\x1f\\x7f\""),
            Map.entry("größe 日本 \ud83d\ude00", "\"größe 日本 \ud83d\ude00\""),
            Map.entry("\u00a0\u200b\u2028\ue000", "\"\\u00a0\\u200b\\u2028\\ue000\""),
            Map.entry("\udb40\udc01", "\"\\U000e0001\""));

    @ParameterizedTest
    @FieldSource("QUOTED")
    void quotesAsGoDoes(Map.Entry<String, String> row) {
        assertThat(GoQuote.of(row.getKey())).isEqualTo(row.getValue());
    }

    @Test
    void allLabelsAndAnnotationsAreLinesInTheirOrder() {
        PodFields fields = fields(pod("web-n").label("tier", "front").label("app", "web")
                .annotation("note", "two\nlines").annotation("a/b", "\"x\"").made());
        assertThat(fields.field("metadata.labels")).isEqualTo("app=\"web\"\ntier=\"front\"");
        assertThat(fields.field("metadata.annotations")).isEqualTo("a/b=\"\\\"x\\\"\"\nnote=\"two\\nlines\"");
        assertThat(fields(pod("web-n").made()).field("metadata.labels")).isEmpty();
    }

    @Test
    void resourcesMayBeThoseOfAnotherContainer() throws Exception {
        PodFields fields = fields(pod("web-n").with(app()).with(container("db").limit("memory", "3Mi")).made());
        assertThat(fields.resource(new ResourceFieldRef("db", "limits.memory", null), null)).isEqualTo("3145728");
        assertThat(fields.resource(new ResourceFieldRef("db", "requests.memory", null), app().made()))
                .as("what is not requested is as much as the limit").isEqualTo("3145728");
    }

    private static PodFields fields(Pod pod) {
        return new PodFields(pod, TestPods.TestNode.in(Path.of("/nowhere")), List.of());
    }
}
