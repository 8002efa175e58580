package dev.covey.rpc;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongUnaryOperator;

/**
 * A thread that wakes when the next deadline passes, and not before. Times are {@link System#nanoTime}, which counts from
 * the machine's start and is the same in all its processes.
 */
final class Deadlines implements AutoCloseable {
    private final AtomicLong earliest = new AtomicLong(Long.MAX_VALUE);
    private final LongUnaryOperator sweep;
    private final Thread thread;
    private volatile boolean closed;

    /** Calls {@code sweep} with the time when a deadline has passed; it returns the next one, or {@link Long#MAX_VALUE}. */
    Deadlines(String name, LongUnaryOperator sweep) {
        this.sweep = sweep;
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Something is to be looked after at that time. Any thread. */
    void by(long deadline) {
        if (deadline < earliest.get() && earliest.accumulateAndGet(deadline, Math::min) == deadline) {
            LockSupport.unpark(thread);
        }
    }

    private void run() {
        while (!closed) {
            long next = earliest.get();
            long now = System.nanoTime();
            if (next == Long.MAX_VALUE) {
                LockSupport.park(this);
            } else if (now < next) {
                LockSupport.parkNanos(this, next - now);
            } else {
                earliest.set(Long.MAX_VALUE);
                long then = sweep.applyAsLong(now);
                earliest.accumulateAndGet(then, Math::min);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
