package io.holdfast.reconciler;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.holdfast.cell.Cell;

@Timeout(30)
class TurnsTest {

    private final Turns turns = new Turns(1);
    private final Cell<List<Integer>> had = new Cell<>(List.of());
    private final List<Thread> threads = new ArrayList<>();

    /** Has its turn and gives it back. */
    private Thread waits(int priority) throws InterruptedException {
        Thread thread = Thread.ofVirtual().start(() -> {
            try {
                turns.acquire(priority);
            } catch (InterruptedException e) {
                return;
            }
            had.update(all -> {
                List<Integer> next = new ArrayList<>(all);
                next.add(priority);
                return next;
            });
            turns.release();
        });
        threads.add(thread);
        Rig.waiting().until(() -> thread.getState() == Thread.State.WAITING); // so that they come in this order
        return thread;
    }

    private void join() throws InterruptedException {
        for (Thread thread : threads) {
            assertThat(thread.join(Duration.ofSeconds(10))).isTrue();
        }
    }

    @Test
    void theHighestPriorityIsNext() throws InterruptedException {
        turns.acquire(0);
        waits(1);
        waits(3);
        waits(2);
        turns.release();
        join();
        assertThat(had.value()).containsExactly(3, 2, 1);
    }

    @Test
    void whoGivesUpTakesNoTurn() throws InterruptedException {
        turns.acquire(0);
        Thread first = waits(9);
        waits(1);
        first.interrupt();
        assertThat(first.join(Duration.ofSeconds(10))).isTrue();
        turns.release();
        join();
        assertThat(had.value()).containsExactly(1);
        turns.acquire(0); // it was given back
    }
}
