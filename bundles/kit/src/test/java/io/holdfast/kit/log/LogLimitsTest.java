package io.holdfast.kit.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class LogLimitsTest { // G2

    @Test
    void sizesAreReadAsDockerReadsThem() {
        assertThat(LogLimits.of("some.pid", "10m", 5).maxBytes()).isEqualTo(10L << 20);
        assertThat(LogLimits.of("some.pid", "64K", 5).maxBytes()).isEqualTo(64L << 10);
        assertThat(LogLimits.of("some.pid", "1g", 5).maxBytes()).isEqualTo(1L << 30);
        assertThat(LogLimits.of("some.pid", "500", 5).maxBytes()).isEqualTo(500);
    }

    @Test
    void whatIsNoSizeOrTooFewIsAnErrorThatNamesTheKey() {
        assertThatThrownBy(() -> LogLimits.of("some.pid", "ten", 5)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("some.pid: log.max.size").hasMessageContaining("'ten'").hasMessageContaining("such as 10m");
        assertThatThrownBy(() -> LogLimits.of("some.pid", "0", 5)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> LogLimits.of("some.pid", "10m", 0)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("log.max.file").hasMessageContaining("expected 1 or more");
    }
}
