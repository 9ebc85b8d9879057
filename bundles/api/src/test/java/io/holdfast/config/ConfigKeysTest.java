package io.holdfast.config;

import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;

import org.junit.jupiter.api.Test;

class ConfigKeysTest {

    @interface Config {
        int period() default 20;

        String relist_seconds() default "";

        String ca__file() default "";
    }

    @Test
    void knowsTheKeysOfTheAnnotation() {
        assertThatNoException().isThrownBy(
                () -> ConfigKeys.check(Map.of("period", 1, "relist.seconds", 2, "ca_file", 3), Config.class));
    }

    @Test
    void leavesAloneWhatTheFrameworkPutsThere() {
        assertThatNoException().isThrownBy(() -> ConfigKeys.check(Map.of("service.pid", "p", "component.name", "c",
                "component.id", 1, "felix.fileinstall.filename", "f", "osgi.ds.x", "y", ".private", "z"), Config.class));
    }

    @Test
    void knowsTheKeysThatTheComponentSetsItself() {
        assertThatNoException()
                .isThrownBy(() -> ConfigKeys.check(Map.of("source.name", "file~main"), Config.class, "source.name"));
    }

    @Test
    void refusesAMisspeltKeyWithTheNearestKnownOne() {
        assertThatThrownBy(() -> ConfigKeys.check(
                Map.of("service.pid", "io.holdfast.source.http~fleet", "perod", 5), Config.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("io.holdfast.source.http~fleet: cannot read 'perod'; did you mean 'period'?");
    }

    @Test
    void refusesAnUnknownKeyWithAllKnownOnes() {
        assertThatThrownBy(() -> ConfigKeys.check(Map.of("service.pid", "p", "frequency", 5), Config.class))
                .hasMessage("p: cannot read 'frequency'; known are [ca_file, period, relist.seconds]");
    }
}
