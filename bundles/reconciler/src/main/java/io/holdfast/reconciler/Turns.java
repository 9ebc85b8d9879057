package io.holdfast.reconciler;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import io.holdfast.cell.Cell;

/** Bounds what is done at a time; of those that wait the highest priority is next, then who came first. */
final class Turns {

    private static final Comparator<Waiting> ORDER = Comparator.comparingInt(Waiting::priority).reversed()
            .thenComparingLong(Waiting::number);

    private record Waiting(int priority, long number, Cell<Boolean> turn) {
    }

    private record State(int free, long came, List<Waiting> waiting) {
    }

    private final Cell<State> state;

    Turns(int most) {
        state = new Cell<>(new State(most, 0, List.of()));
    }

    /** Waits for a turn; each has to be given back. */
    void acquire(int priority) throws InterruptedException {
        Cell<Boolean> turn = new Cell<>(false);
        state.update(s -> {
            if (s.free() > 0) {
                turn.set(true);
                return new State(s.free() - 1, s.came(), s.waiting());
            }
            List<Waiting> waiting = new ArrayList<>(s.waiting());
            waiting.add(new Waiting(priority, s.came(), turn));
            waiting.sort(ORDER);
            return new State(0, s.came() + 1, List.copyOf(waiting));
        });
        try {
            turn.after(0);
        } catch (InterruptedException e) {
            giveUp(turn);
            throw e;
        }
    }

    void release() {
        state.update(s -> {
            if (s.waiting().isEmpty()) {
                return new State(s.free() + 1, s.came(), s.waiting());
            }
            s.waiting().getFirst().turn().set(true);
            return new State(0, s.came(), s.waiting().subList(1, s.waiting().size()));
        });
    }

    /** How many wait. */
    int waiting() {
        return state.value().waiting().size();
    }

    private void giveUp(Cell<Boolean> turn) {
        state.update(s -> new State(s.free(), s.came(), s.waiting().stream().filter(w -> !w.turn().equals(turn)).toList()));
        if (turn.value()) {
            release(); // it had come just before
        }
    }
}
