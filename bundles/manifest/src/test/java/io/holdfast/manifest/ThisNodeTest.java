package io.holdfast.manifest;

import static io.holdfast.manifest.ManifestsTest.pod;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.holdfast.pod.Affinity;
import io.holdfast.pod.Affinity.Requirement;

/** Which pods are for this node, and what is said of the others. */
class ThisNodeTest {

    private static final ThisNode NODE = new ThisNode("node1", Map.of("disk", "ssd", "cores", "8", "word", "x"), List.of());

    private static @Nullable String unfit(String spec) {
        String text = pod("web").replace("spec: {", "spec: {" + spec + ", ");
        Reading reading = new PodReader(NODE, "file~main").read(text.getBytes(UTF_8), (name, uid) -> PodReaderTest.SEEN);
        Reading.PodDocument document = (Reading.PodDocument) reading.documents().getFirst();
        assertThat(document.faults()).isEmpty();
        return Objects.requireNonNull(document.pod()).unfit();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "disk | In           | ssd,nvme | true ", "disk  | In    | nvme | false", "zone | In    | a | false",
            "disk | NotIn        | nvme     | true ", "disk  | NotIn | ssd  | false", "zone | NotIn | a | true ",
            "disk | Exists       |          | true ", "zone  | Exists |     | false",
            "zone | DoesNotExist |          | true ", "disk  | DoesNotExist | | false",
            "cores | Gt          | 7        | true ", "cores | Gt    | 8    | false", "zone | Gt    | 1 | false",
            "cores | Lt          | 10       | true ", "cores | Lt    | 8    | false", "word | Lt    | 9 | false" })
    void aRequirementHolds(String key, Affinity.Operator operator, @Nullable String values, boolean holds) {
        Requirement requirement = new Requirement(key, operator,
                values == null ? List.of() : List.of(values.split(",")));
        assertThat(ThisNode.matches(requirement, NODE.labels().get(key))).isEqualTo(holds);
    }

    @Test
    void whatAPodSelectsItGets() {
        assertThat(unfit("nodeName: node1")).isNull();
        assertThat(unfit("nodeName: ''")).isNull();
        assertThat(unfit("nodeName: node2")).isEqualTo("nodeName asks for node node2, and this is node1");
    }

    @Test
    void labelsThatAreMissingOrDifferentAreNamed() {
        assertThat(unfit("nodeSelector: {disk: ssd}")).isNull();
        assertThat(unfit("nodeSelector: {disk: hdd, cores: '8', zone: a}")).isEqualTo("nodeSelector asks for disk=hdd,"
                + " zone=a, and node node1 has disk=ssd, no label zone");
    }

    private static String affinity(String terms) {
        return "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [" + terms
                + "]}}}";
    }

    @Test
    void ofTheTermsOneMustHold() {
        assertThat(unfit(affinity("{matchExpressions: [{key: zone, operator: Exists}]},"
                + " {matchExpressions: [{key: disk, operator: In, values: [ssd]}], matchFields: [{key: metadata.name,"
                + " operator: In, values: [node1]}]}"))).isNull();
        assertThat(unfit(affinity("{matchExpressions: [{key: zone, operator: Exists}, {key: disk, operator: In, values:"
                + " [ssd]}]}, {matchFields: [{key: metadata.name, operator: NotIn, values: [node1]}]}"))).isEqualTo(
                        "nodeAffinity asks for zone Exists and disk In [ssd] or metadata.name NotIn [node1], and node"
                                + " node1 has disk=ssd, no label zone");
        assertThat(unfit(affinity("{}"))).isEqualTo("nodeAffinity asks for no node, and this is node node1");
    }
}
