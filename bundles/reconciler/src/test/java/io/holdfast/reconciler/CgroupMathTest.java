package io.holdfast.reconciler;

import static io.holdfast.reconciler.TestPods.app;
import static io.holdfast.reconciler.TestPods.container;
import static io.holdfast.reconciler.TestPods.pod;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import io.holdfast.reconciler.TestPods.ContainerDraft;
import io.holdfast.reconciler.TestPods.PodDraft;
import io.holdfast.runtime.ContainerSpec.Resources;

class CgroupMathTest { // G6

    @ParameterizedTest(name = "cpu request {0} is {1} shares")
    @CsvSource({"1, 1024", "250m, 256", "100m, 102", "1m, 2", "0, 2", "2.5, 2560", "1000, 262144"})
    void requestsAreShares(String cpu, long shares) {
        assertThat(of(app().request("cpu", cpu)).cpuShares()).isEqualTo(shares);
    }

    @ParameterizedTest(name = "cpu limit {0} is {1} µs of 100 ms")
    @CsvSource({"1, 100000", "250m, 25000", "5m, 1000", "1m, 1000", "0, 0", "4, 400000"})
    void limitsAreQuota(String cpu, long quota) {
        Resources resources = of(app().limit("cpu", cpu));
        assertThat(resources.cpuQuota()).isEqualTo(quota);
        assertThat(resources.cpuPeriod()).isEqualTo(100_000);
    }

    @Test
    void aLimitAloneIsTheRequestToo() {
        assertThat(of(app().limit("cpu", "500m")).cpuShares()).isEqualTo(512);
    }

    @Test
    void memoryIsInBytes() {
        assertThat(of(app().limit("memory", "64Mi")).memoryLimit()).isEqualTo(67_108_864);
        assertThat(of(app().request("memory", "64Mi")).memoryLimit()).isZero();
    }

    @Test
    void nothingWantedIsTheLeastWeightAndNoLimit() {
        assertThat(of(app())).isEqualTo(new Resources(2, 0, 100_000, 0, -997));
    }

    @Test
    void everyStaticPodIsSparedWhenMemoryRunsOut() { // as the kubelet does, whatever the class: seen there with BestEffort
        assertThat(of(app().request("cpu", "1")).oomScoreAdj()).isEqualTo(-997);
        assertThat(of(app().limit("cpu", "1").limit("memory", "1Mi")).oomScoreAdj()).isEqualTo(-997);
    }

    private static Resources of(ContainerDraft container) {
        var spec = pod("web").with(container).made().spec();
        return CgroupMath.of(spec.containers().getFirst());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void thePodsLimits(String what, PodDraft pod, PodLimits limits) {
        assertThat(CgroupMath.of(pod.made().spec())).isEqualTo(limits);
    }

    static Stream<Arguments> thePodsLimits() {
        return Stream.of(
                arguments("nothing: the least weight", pod("p"), limits(2, 0, 0)),
                arguments("limits of one container", pod("p").with(both("a", "500m", "64Mi")),
                        limits(512, 50_000, 64 << 20)),
                arguments("limits of two add up", pod("p").with(both("a", "1", "64Mi")).with(both("b", "500m", "32Mi")),
                        limits(1536, 150_000, 96 << 20)),
                arguments("one without any: none for the pod, but what was asked for",
                        pod("p").with(both("a", "1", "64Mi")).with(container("b")), limits(1024, 0, 0)),
                arguments("all have one for memory, not all for cpu",
                        pod("p").with(both("a", "1", "64Mi")).with(container("b").limit("memory", "32Mi")),
                        limits(1024, 0, 96 << 20)),
                arguments("an init container that asks for more than all others",
                        pod("p").init(both("i", "2", "128Mi")).with(both("a", "1", "64Mi")),
                        limits(2048, 200_000, 128 << 20)),
                arguments("an init container that asks for less",
                        pod("p").init(both("i", "500m", "32Mi")).with(both("a", "1", "64Mi")),
                        limits(1024, 100_000, 64 << 20)),
                arguments("an init container without limits: none for the pod",
                        pod("p").init(container("i")).with(both("a", "1", "64Mi")), limits(1024, 0, 0)),
                arguments("a sidecar runs beside the others",
                        pod("p").init(both("s", "1", "32Mi").sidecar()).with(both("a", "1", "64Mi")),
                        limits(2048, 200_000, 96 << 20)),
                arguments("an init container runs beside the sidecars before it, not beside those after it",
                        pod("p").init(both("s", "1", "32Mi").sidecar()).init(both("i", "4", "1Gi"))
                                .init(both("t", "1", "32Mi").sidecar()).with(both("a", "1", "64Mi")),
                        limits(5120, 500_000, (1L << 30) + (32 << 20))));
    }

    private static ContainerDraft both(String name, String cpu, String memory) {
        return container(name).limit("cpu", cpu).limit("memory", memory);
    }

    private static PodLimits limits(long shares, long quota, long memory) {
        return new PodLimits(shares, quota, memory);
    }

    @ParameterizedTest(name = "{0} shares weigh {1}")
    @CsvSource({"2, 1", "1024, 39", "262144, 10000"})
    void weightsAreOnTheScaleOfVersion2(long shares, long weight) {
        assertThat(PodLimits.weight(shares)).isEqualTo(weight);
    }
}
