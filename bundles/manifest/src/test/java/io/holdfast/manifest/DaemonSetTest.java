package io.holdfast.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import io.holdfast.pod.Pod;
import io.holdfast.pod.PodName;

/** A DaemonSet is one pod here. */
class DaemonSetTest {

    private static final String LOGS = """
            apiVersion: apps/v1
            kind: DaemonSet
            metadata: {name: logs, namespace: sys, uid: 1-2-3, labels: {not: this}}
            spec:
              selector: {matchLabels: {app: logs}, matchExpressions: [{key: tier, operator: DoesNotExist}]}
              updateStrategy: {type: RollingUpdate}
              minReadySeconds: 5
              revisionHistoryLimit: 3
              template:
                metadata: {labels: {app: logs, more: x}, annotations: {a: b}, creationTimestamp: null}
                spec:
                  containers:
                  - name: main
                    image: busybox
            status: {numberReady: 1}
            """;

    private static Reading.Document read(String text) {
        return PodReaderTest.reading(text).documents().getFirst();
    }

    @Test
    void itsPodIsCalledAsItAndTheNodeAre() {
        Reading.PodDocument document = (Reading.PodDocument) read(LOGS);
        assertThat(document.faults()).isEmpty();
        Pod pod = Objects.requireNonNull(document.pod()).pod();
        assertThat(pod.podName()).isEqualTo(new PodName("sys", "logs-node1"));
        assertThat(pod.metadata().labels()).isEqualTo(Map.of("app", "logs", "more", "x"));
        assertThat(pod.metadata().annotations()).containsEntry("a", "b");
        assertThat(pod.spec().containers().getFirst().image()).isEqualTo("busybox");
        assertThat(pod.metadata().uid()).hasSize(32);
        String same = "apiVersion: v1\nkind: Pod\nmetadata: {name: logs, namespace: sys, labels: {app: logs, more: x},"
                + " annotations: {a: b}}\nspec: {containers: [{name: main, image: busybox}]}\n";
        assertThat(Objects.requireNonNull(((Reading.PodDocument) read(same)).pod()).pod()).isEqualTo(pod);
    }

    @Test
    void aNodeThatItDoesNotSelectHasNoPodOfIt() {
        String elsewhere = LOGS.replace("      containers:", "      nodeName: node2\n      containers:");
        assertThat(read(elsewhere)).isEqualTo(
                new Reading.Elsewhere("DaemonSet sys/logs", "nodeName asks for node node2, and this is node1"));
        Reading there = new PodReader(ThisNode.named("node2"), "file~main").read(elsewhere.getBytes(UTF_8),
                (name, uid) -> PodReaderTest.SEEN);
        assertThat(there.documents().getFirst()).isInstanceOf(Reading.PodDocument.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "example.com/gpu=yes:NoSchedule   |                                                              | false",
            "example.com/gpu=yes:NoSchedule   | {key: example.com/gpu, value: 'yes', effect: NoSchedule}     | true",
            "example.com/gpu=yes:NoSchedule   | {key: example.com/gpu, value: 'no', effect: NoSchedule}      | false",
            "example.com/gpu=yes:NoSchedule   | {key: example.com/gpu, value: 'yes', effect: NoExecute}      | false",
            "example.com/gpu=yes:NoSchedule   | {key: example.com/gpu, operator: Exists}                     | true",
            "example.com/gpu=yes:NoSchedule   | {operator: Exists}                                           | true",
            "example.com/gpu=yes:NoSchedule   | {value: 'yes'}                                               | false",
            "example.com/gpu:NoExecute        |                                                              | false",
            "example.com/gpu:NoExecute        | {key: example.com/gpu, effect: NoExecute}                    | true",
            "example.com/gpu:PreferNoSchedule |                                                              | true",
            "node.kubernetes.io/unschedulable:NoSchedule |                                                   | true",
            "node.kubernetes.io/unschedulable:NoExecute  |                                                   | false" })
    void aNodeWithATaintHasItsPodOnlyIfItToleratesThat(String taint, @Nullable String toleration, boolean runs) {
        ThisNode node = new ThisNode("node1", Map.of(), NodeConfig.taints(new String[] {taint}));
        String text = toleration == null ? LOGS
                : LOGS.replace("      containers:", "      tolerations: [" + toleration + "]\n      containers:");
        Reading.Document document = new PodReader(node, "file~main").read(text.getBytes(UTF_8), (name, uid) -> PodReaderTest.SEEN)
                .documents().getFirst();
        if (runs) {
            assertThat(document).isInstanceOf(Reading.PodDocument.class);
        } else {
            assertThat(document).isEqualTo(new Reading.Elsewhere("DaemonSet sys/logs",
                    "node node1 has taint " + taint + ", which it does not tolerate"));
        }
    }

    private static Arguments row(String what, String instead, String... faults) {
        assertThat(LOGS).contains(what);
        return Arguments.of(LOGS.replace(what, instead), List.of(faults));
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                row("image: busybox", "imag: busybox",
                        "13:9 spec.template.spec.containers[0].image: is required",
                        "14:9 spec.template.spec.containers[0].imag: unknown field; did you mean 'image'?"),
                row("image: busybox", "image: busybox\n        image: x",
                        "15:9 spec.template.spec.containers[0].image: is given twice, first in line 14"),
                row("apps/v1", "extensions/v1beta1", "1:13 apiVersion: expected apps/v1, found 'extensions/v1beta1'"),
                row("minReadySeconds: 5", "minReadySecond: 5",
                        "7:3 spec.minReadySecond: unknown field; did you mean 'minReadySeconds'?"),
                row("name: logs, n", "name: Logs, n",
                        "3:18 metadata.name: must be a DNS name: at most 253 lower-case letters, digits, '-' and '.', with"
                                + " a letter or digit at both ends of each part; found 'Logs'"),
                row("matchLabels: {app: logs}", "matchLabels: {app: web}",
                        "5:33 spec.selector.matchLabels[app]: must match the labels of the template; found 'web', the"
                                + " template has 'logs'"),
                row("DoesNotExist", "Exists",
                        "5:59 spec.selector.matchExpressions[0]: must match the labels of the template"),
                row("selector: {matchLabels: {app: logs}, matchExpressions: [{key: tier, operator: DoesNotExist}]}",
                        "selector: {}", "5:13 spec.selector: must not be empty; write the template's labels as matchLabels"),
                row("  selector: {", "  select: {", "5:3 spec.selector: is required",
                        "5:3 spec.select: unknown field; did you mean 'selector'?"),
                row("      containers:", "      restartPolicy: Never\n      containers:",
                        "12:22 spec.template.spec.restartPolicy: must be Always in a DaemonSet, found 'Never'"),
                row("    spec:\n", "    specs:\n", "10:5 spec.template.spec: is required",
                        "11:5 spec.template.specs: unknown field; did you mean 'spec'?"));
    }

    @ParameterizedTest
    @MethodSource
    void faults(String text, List<String> faults) {
        assertThat(BadManifestTest.faults(PodReaderTest.reading(text))).isEqualTo(faults);
    }
}
