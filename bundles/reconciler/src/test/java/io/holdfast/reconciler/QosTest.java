package io.holdfast.reconciler;

import static io.holdfast.reconciler.TestPods.app;
import static io.holdfast.reconciler.TestPods.container;
import static io.holdfast.reconciler.TestPods.pod;
import static io.holdfast.status.PodStatus.QosClass.BestEffort;
import static io.holdfast.status.PodStatus.QosClass.Burstable;
import static io.holdfast.status.PodStatus.QosClass.Guaranteed;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.holdfast.status.PodStatus.QosClass;

class QosTest {

    record Row(String sentence, TestPods.PodDraft pod, QosClass qos) {
        @Override
        public String toString() {
            return sentence;
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void isTheClassThatKubernetesSays(Row row) {
        assertThat(Qos.of(row.pod().made().spec())).isEqualTo(row.qos());
    }

    static Stream<Row> rows() {
        return Stream.of(
                new Row("nothing wanted", pod("a"), BestEffort),
                new Row("only some other resource", pod("a").with(app().limit("ephemeral-storage", "1Gi")), BestEffort),
                new Row("a zero is nothing", pod("a").with(app().request("cpu", "0")), BestEffort),
                new Row("only a request", pod("a").with(app().request("cpu", "1")), Burstable),
                new Row("only a limit of one", pod("a").with(app().limit("memory", "1Mi")), Burstable),
                new Row("limits of both", pod("a").with(full("app")), Guaranteed),
                new Row("requests written otherwise, but equal",
                        pod("a").with(full("app").request("cpu", "1000m").request("memory", "1024Ki")), Guaranteed),
                new Row("requests below limits", pod("a").with(full("app").request("cpu", "500m")), Burstable),
                new Row("one full, one with nothing", pod("a").with(full("app")).with(container("side")), Burstable),
                new Row("two full", pod("a").with(full("app")).with(full("side")), Guaranteed));
    }

    private static TestPods.ContainerDraft full(String name) {
        return container(name).limit("cpu", "1").limit("memory", "1Mi");
    }
}
