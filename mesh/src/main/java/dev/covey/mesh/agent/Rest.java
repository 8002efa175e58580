package dev.covey.mesh.agent;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What the agent does when a round found nothing: goes on looking for a moment, then lets others run, then sleeps. A
 * command of its own process wakes it at once.
 */
final class Rest {
    private static final int SPINS = 20;
    private static final long YIELD_NANOS = TimeUnit.MICROSECONDS.toNanos(500);
    private static final long SLEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private volatile @Nullable Thread asleep;
    private int idle;
    private long idleSince;

    /** Agent's thread, after each round. */
    @SuppressWarnings(
            "ThreadPriorityCheck") // correctness does not rest on the yield, and on few cores others need the turn
    void after(int work) {
        if (work > 0) {
            idle = 0;
            return;
        }
        idle++;
        if (idle <= SPINS) {
            Thread.onSpinWait();
            return;
        }
        long now = System.nanoTime();
        if (idle == SPINS + 1) {
            idleSince = now;
        }
        if (now - idleSince < YIELD_NANOS) {
            Thread.yield();
            return;
        }
        asleep = Thread.currentThread();
        LockSupport.parkNanos(this, SLEEP_NANOS);
        asleep = null;
    }

    /** Any thread. A wake-up that comes just before the sleep costs at most one sleep. */
    void wake() {
        Thread sleeper = asleep;
        if (sleeper != null) {
            LockSupport.unpark(sleeper);
        }
    }
}
