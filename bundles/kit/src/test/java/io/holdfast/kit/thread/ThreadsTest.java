package io.holdfast.kit.thread;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import io.holdfast.cell.Cell;

final class ThreadsTest {

    private final Cell<Integer> ended = new Cell<>(0);

    @Test
    void an_interrupt_while_threads_are_ended_leaves_none_behind_and_is_passed_on() {
        Threads threads = new Threads();
        threads.start("one", this::untilInterrupted);
        threads.start("two", this::untilInterrupted);
        Thread.currentThread().interrupt();
        threads.close();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(ended.value()).isEqualTo(2);
    }

    /** Takes its time to end, as connections do. */
    private void untilInterrupted() throws InterruptedException {
        try {
            Thread.sleep(Duration.ofMinutes(1));
        } catch (InterruptedException _) {
            Thread.sleep(Duration.ofMillis(100));
            ended.update(n -> n + 1);
        }
    }
}
