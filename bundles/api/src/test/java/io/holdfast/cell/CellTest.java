package io.holdfast.cell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class CellTest {

    @Test
    void beginsWithVersionZero() {
        assertThat(new Cell<>("a").current()).isEqualTo(new Cell.Versioned<>(0, "a"));
    }

    @Test
    void countsChanges() {
        Cell<String> cell = new Cell<>("a");
        cell.set("b");
        cell.update(old -> old + "c");
        assertThat(cell.current()).isEqualTo(new Cell.Versioned<>(2, "bc"));
    }

    @Test
    void theSameInstanceIsNoChangeButAnEqualOneIs() {
        List<String> first = new ArrayList<>();
        Cell<List<String>> cell = new Cell<>(first);
        cell.update(same -> same);
        assertThat(cell.current().version()).isZero();
        cell.set(new ArrayList<>());
        assertThat(cell.current().version()).isEqualTo(1);
    }

    @Test
    void aReaderSkipsWhatWasOvertaken() throws InterruptedException {
        Cell<Integer> cell = new Cell<>(0);
        for (int i = 1; i <= 5; i++) {
            cell.set(i);
        }
        assertThat(cell.after(0)).isEqualTo(new Cell.Versioned<>(5, 5));
        assertThat(cell.after(4)).as("nothing is consumed").isEqualTo(new Cell.Versioned<>(5, 5));
    }

    @Test
    void aReaderWaitsForTheNextVersion() throws Exception {
        Cell<String> cell = new Cell<>("old");
        FutureTask<String> reader = new FutureTask<>(() -> cell.after(0).value());
        Thread.ofVirtual().start(reader);
        cell.set("new");
        assertThat(reader.get()).isEqualTo("new");
    }

    @Test
    void aDeadlineGivesWhatIsCurrent() throws InterruptedException {
        Cell<String> cell = new Cell<>("a");
        assertThat(cell.after(0, Duration.ofMillis(5)).version()).isZero();
        assertThat(cell.after(0, Duration.ofSeconds(-5)).version()).isZero();
    }

    @Test
    void anyInstantWillDoAsADeadline() throws Exception {
        InstantSource clock = InstantSource.system();
        Cell<String> cell = new Cell<>("a");
        assertThat(cell.after(0, Instant.MIN, clock).value()).isEqualTo("a");
        FutureTask<String> reader = new FutureTask<>(() -> cell.after(0, Instant.MAX, clock).value());
        Thread.ofVirtual().start(reader);
        cell.set("b");
        assertThat(reader.get()).isEqualTo("b");
    }

    @Test
    void aWaitingReaderCanBeInterrupted() throws Exception {
        FutureTask<Boolean> ended = new FutureTask<>(() -> {
            assertThatThrownBy(() -> new Cell<>("a").after(0)).isInstanceOf(InterruptedException.class);
            return true;
        });
        Thread reader = Thread.ofVirtual().start(ended);
        reader.interrupt();
        assertThat(ended.get()).isTrue();
    }

    @Test
    void aFailedUpdateChangesNothingAndLocksNobodyOut() {
        Cell<String> cell = new Cell<>("a");
        assertThatThrownBy(() -> cell.update(old -> {
            throw new IllegalStateException("no");
        })).hasMessage("no");
        cell.set("b");
        assertThat(cell.current()).isEqualTo(new Cell.Versioned<>(1, "b"));
    }

    @Test
    void noUpdateOfManyThreadsIsLost() throws InterruptedException {
        Cell<Integer> cell = new Cell<>(0);
        List<Thread> writers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            writers.add(Thread.ofVirtual().start(() -> {
                for (int n = 0; n < 100; n++) {
                    cell.update(v -> v + 1);
                }
            }));
        }
        for (Thread writer : writers) {
            writer.join();
        }
        assertThat(cell.current()).isEqualTo(new Cell.Versioned<>(5000, 5000));
    }
}
