package io.holdfast.reconciler;

import static io.holdfast.reconciler.TestPods.app;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.holdfast.runtime.ContainerSpec.Resources;

class CgroupMathTest { // G6

    @ParameterizedTest(name = "cpu request {0} is {1} shares")
    @CsvSource({"1, 1024", "250m, 256", "100m, 102", "1m, 2", "0, 2", "2.5, 2560", "1000, 262144"})
    void requestsAreShares(String cpu, long shares) {
        assertThat(CgroupMath.of(app().request("cpu", cpu).made()).cpuShares()).isEqualTo(shares);
    }

    @ParameterizedTest(name = "cpu limit {0} is {1} µs of 100 ms")
    @CsvSource({"1, 100000", "250m, 25000", "5m, 1000", "1m, 1000", "0, 0", "4, 400000"})
    void limitsAreQuota(String cpu, long quota) {
        Resources resources = CgroupMath.of(app().limit("cpu", cpu).made());
        assertThat(resources.cpuQuota()).isEqualTo(quota);
        assertThat(resources.cpuPeriod()).isEqualTo(100_000);
    }

    @Test
    void aLimitAloneIsTheRequestToo() {
        assertThat(CgroupMath.of(app().limit("cpu", "500m").made()).cpuShares()).isEqualTo(512);
    }

    @Test
    void memoryIsInBytes() {
        assertThat(CgroupMath.of(app().limit("memory", "64Mi").made()).memoryLimit()).isEqualTo(67_108_864);
        assertThat(CgroupMath.of(app().request("memory", "64Mi").made()).memoryLimit()).isZero();
    }

    @Test
    void nothingWantedIsTheLeastWeightAndNoLimit() {
        assertThat(CgroupMath.of(app().made())).isEqualTo(new Resources(2, 0, 100_000, 0, -997));
    }
}
