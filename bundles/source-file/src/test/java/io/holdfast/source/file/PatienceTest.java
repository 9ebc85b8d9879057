package io.holdfast.source.file;

import static io.holdfast.source.file.Touched.Sign.LISTED;
import static io.holdfast.source.file.Touched.Sign.NAMED;
import static io.holdfast.source.file.Touched.Sign.WRITTEN;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;

import org.junit.jupiter.api.Test;

import io.holdfast.source.file.Look.Stamp;

final class PatienceTest {

    private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");
    private static final Duration SETTLE = Duration.ofMillis(25);

    private final Patience patience = new Patience(SETTLE);

    @Test
    void an_old_file_is_believed_at_once() {
        assertThat(patience.with(stamp(10, 1000, 1000), LISTED, NOW)).isZero();
        assertThat(patience.with(stamp(0, 1000, 1000), LISTED, NOW)).isZero();
    }

    @Test
    void a_file_renamed_after_it_was_written_is_believed_at_once() {
        assertThat(patience.with(stamp(10, 8, 0), NAMED, NOW)).isZero();
        assertThat(patience.with(stamp(10, 8, 0), LISTED, NOW)).isZero();
    }

    @Test
    void a_file_written_and_renamed_in_the_same_tick_of_the_clock_is_believed_when_no_write_follows() {
        assertThat(patience.with(stamp(10, 0, 0), NAMED, NOW)).isEqualTo(Patience.CONFIRM);
    }

    @Test
    void a_file_written_in_place_must_be_quiet() {
        assertThat(patience.with(stamp(10, 0, 0), WRITTEN, NOW)).isEqualTo(SETTLE);
        assertThat(patience.with(stamp(10, 0, 0), LISTED, NOW)).isEqualTo(SETTLE);
    }

    @Test
    void an_empty_file_is_about_to_be_written() {
        assertThat(patience.with(stamp(0, 0, 0), NAMED, NOW)).isEqualTo(SETTLE);
        assertThat(patience.with(stamp(0, 8, 0), NAMED, NOW)).isEqualTo(SETTLE);
    }

    @Test
    void a_file_from_the_future_is_believed_when_it_is_quiet() {
        assertThat(patience.with(stamp(10, -5000, -5000), LISTED, NOW)).isEqualTo(SETTLE);
    }

    private static Stamp stamp(long size, long modifiedMillisAgo, long changedMillisAgo) {
        return new Stamp("1:2", size, FileTime.from(NOW.minusMillis(modifiedMillisAgo)),
                FileTime.from(NOW.minusMillis(changedMillisAgo)), 0644);
    }
}
