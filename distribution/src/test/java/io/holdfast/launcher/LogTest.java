package io.holdfast.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.osgi.service.log.LogService;
import org.osgi.service.log.Logger;

@SuppressWarnings("deprecation") // what File Install and the framework call
class LogTest {

    private final PrintStream stderr = System.err;
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final Log log = new Log("org.example.Part");

    @BeforeEach
    void listen() {
        System.setErr(new PrintStream(written, true, UTF_8));
    }

    @AfterEach
    void restore() {
        System.setErr(stderr);
    }

    @Test
    void anOldStyleCallIsALine() {
        log.log(LogService.LOG_WARNING, "careful");

        assertThat(lines()).containsExactly("[main] WARN org.example.Part - careful");
    }

    @Test
    void placesInTheMessageAreFilled() {
        log.getLogger("Other").error("{} of {}", 1, 2);

        assertThat(lines()).containsExactly("[main] ERROR org.example.Part.Other - 1 of 2");
    }

    @Test
    void whatAPersonDidWrongIsSaidInOneLine() {
        var cause = new IllegalArgumentException("cannot read 'perod'; did you mean 'period'?");

        log.getLogger("Part").error("no component", new IllegalStateException("wrapped", cause));

        assertThat(lines())
                .containsExactly("[main] ERROR org.example.Part.Part - no component: cannot read 'perod'; did you mean 'period'?");
    }

    @Test
    void anUnexpectedExceptionKeepsItsStackTrace() {
        log.getLogger("Part").error("no component", new IllegalStateException("why"));

        assertThat(lines()).startsWith("[main] ERROR org.example.Part.Part - no component", "java.lang.IllegalStateException: why")
                .hasSizeGreaterThan(5);
    }

    @Test
    void aLoggerSaysWhatItWouldWrite() {
        Logger logger = log.getLogger("Part");

        assertThat(logger.isErrorEnabled()).isTrue();
        assertThat(logger.isDebugEnabled()).isFalse();
        assertThat(logger.getName()).isEqualTo("Part");
        logger.debug("nobody wants to know");
        assertThat(lines()).isEmpty();
    }

    private java.util.List<String> lines() {
        return written.toString(UTF_8).lines().toList();
    }
}
