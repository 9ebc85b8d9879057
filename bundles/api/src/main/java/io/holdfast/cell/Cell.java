package io.holdfast.cell;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;

/**
 * A value with a version. Writers replace the value; readers wait for "newest after version n" and so skip what was
 * overtaken; nothing is ever consumed. Safe for any number of threads, virtual ones included.
 *
 * @param <T> an immutable value
 */
public final class Cell<T> {

    /** A value and the number of changes that led to it, counted from 0. */
    public record Versioned<T>(long version, T value) {
    }

    private static final Duration MOST = Duration.ofDays(365); // more does not fit into nanoseconds for ever

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private Versioned<T> now;

    public Cell(T first) {
        now = new Versioned<>(0, first);
    }

    public Versioned<T> current() {
        lock.lock();
        try {
            return now;
        } finally {
            lock.unlock();
        }
    }

    public T value() {
        return current().value();
    }

    public void set(T value) {
        update(old -> value);
    }

    /** Replaces the value by what {@code change} makes of it; returning the same instance changes nothing. */
    public void update(UnaryOperator<T> change) {
        lock.lock();
        try {
            T next = change.apply(now.value());
            if (!same(next, now.value())) {
                now = new Versioned<>(now.version() + 1, next);
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the version is greater than {@code version}; returns the newest. */
    public Versioned<T> after(long version) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (now.version() <= version) {
                changed.await();
            }
            return now;
        } finally {
            lock.unlock();
        }
    }

    /** As {@link #after(long)}, but returns what is current, changed or not, once {@code timeout} is over. */
    public Versioned<T> after(long version, Duration timeout) throws InterruptedException {
        long left = timeout.toNanos();
        lock.lockInterruptibly();
        try {
            while (now.version() <= version && left > 0) {
                left = changed.awaitNanos(left);
            }
            return now;
        } finally {
            lock.unlock();
        }
    }

    /** As {@link #after(long, Duration)}, until {@code deadline} as {@code clock} tells it. */
    public Versioned<T> after(long version, Instant deadline, InstantSource clock) throws InterruptedException {
        Duration left = Duration.between(clock.instant(), deadline);
        return after(version, left.isNegative() ? Duration.ZERO : left.compareTo(MOST) > 0 ? MOST : left);
    }

    /** Identity on purpose: an equal but new value is a change that was asked for. */
    @SuppressWarnings("ReferenceEquality")
    private static boolean same(Object a, Object b) {
        return a == b;
    }
}
