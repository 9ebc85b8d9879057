package io.holdfast.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.junit.jupiter.api.Test;

import io.holdfast.source.DesiredPod;
import io.holdfast.source.Manifest;

class PodDiffTest {

    private static List<String> between(String before, String after) {
        return PodDiff.between(pod(before), pod(after)).stream()
                .map(field -> field.path() + ": " + field.before() + " -> " + field.after()).toList();
    }

    private static DesiredPod pod(String text) {
        Manifest manifest = new Manifest.Text("x", text.getBytes(UTF_8));
        Origin read = new OriginReader("file~main", ThisNode.named("node1"), _ -> null, InstantSource.fixed(Instant.EPOCH))
                .read(List.of(manifest), Map.of()).get("x");
        return Objects.requireNonNull(read).pods().getFirst();
    }

    private static String spec(String spec) {
        return "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {" + spec + "}\n";
    }

    private static String metadata(String more) {
        return "apiVersion: v1\nkind: Pod\nmetadata: {name: web, " + more
                + "}\nspec: {containers: [{name: a, image: b}]}\n";
    }

    @Test
    void containersAreToldByTheirNames() {
        assertThat(between(spec("containers: [{name: a, image: x}, {name: b, image: d}]"),
                spec("containers: [{name: c, image: z:1}, {name: b, image: d, tty: true}]")))
                .hasSize(3)
                .anySatisfy(field -> assertThat(field).startsWith("spec.containers[a]: {\"name\":\"a\"").endsWith(
                        " -> none"))
                .contains("spec.containers[b].tty: none -> true")
                .anySatisfy(field -> assertThat(field).startsWith("spec.containers[c]: none -> {"));
    }

    @Test
    void anotherOrderIsADifference() {
        assertThat(between(spec("containers: [{name: a, image: x}, {name: b, image: d}]"),
                spec("containers: [{name: b, image: d}, {name: a, image: x}]")))
                .containsExactly("spec.containers: [a, b] -> [b, a]");
    }

    @Test
    void whatHasNoNameIsToldByItsPlace() {
        assertThat(between(spec("containers: [{name: a, image: x, command: [sleep, '1'], ports: [{containerPort: 1}]}]"),
                spec("containers: [{name: a, image: x, command: [sleep, '2', x], ports: [{containerPort: 2}]}]")))
                .containsExactly("spec.containers[a].command[1]: \"1\" -> \"2\"",
                        "spec.containers[a].command[2]: none -> \"x\"",
                        "spec.containers[a].ports[0].containerPort: 1 -> 2");
    }

    @Test
    void keysOfMapsStandInBracketsAndLinesStayLines() {
        assertThat(between(metadata("labels: {app.io/x: a}, annotations: {note: 'x'}"),
                metadata("labels: {app.io/x: \"b\", c: d}, annotations: {note: \"x\\ny\"}")))
                .containsExactly("metadata.labels[app.io/x]: \"a\" -> \"b\"", "metadata.labels[c]: none -> \"d\"",
                        "metadata.annotations[note]: \"x\" -> \"x\\ny\"");
    }

    @Test
    void ofALongValueTheEndsThatDifferAreShown() {
        String start = "x".repeat(100);
        assertThat(between(metadata("annotations: {note: '" + start + "one'}"),
                metadata("annotations: {note: '" + start + "two" + "y".repeat(100) + "'}"))).containsExactly(
                        "metadata.annotations[note]: ..." + "x".repeat(56) + "one\" -> ..." + "x".repeat(15) + "two"
                                + "y".repeat(42) + "...");
    }

    @Test
    void aUidOfTheManifestsOwnIsAFieldAndAnEditionIsNot() {
        assertThat(between(metadata("uid: one"), metadata("uid: two")))
                .containsExactly("metadata.uid: \"one\" -> \"two\"");
        assertThat(between(metadata("labels: {}"), metadata("uid: two")))
                .containsExactly("metadata.uid: none -> \"two\"");
    }
}
