package dev.covey.rpc;

import java.util.concurrent.TimeUnit;

/**
 * Whether a handler is quick: it was so many times in a row. One that counted as quick and took long, because it waited for
 * something or its thread was paused, has to show it again, and the more often the sooner that happens again.
 */
final class HandlerPace {
    private static final long QUICK_NANOS = TimeUnit.MICROSECONDS.toNanos(50);
    private static final long WAITED_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int OFTEN = 64;
    private static final int IN_DOUBT = 256;
    private static final int MOST = 16_384;
    private static final int FORGIVEN = 1_000;

    /** Several threads count; that a count is lost does not matter. */
    private volatile int streak;

    private volatile int needed = OFTEN;

    /** One run took so long, its answer included. */
    void took(long nanos) {
        int quick = streak;
        if (nanos <= QUICK_NANOS) {
            streak = Math.min(quick + 1, MOST + FORGIVEN);
        } else if (quick >= needed && nanos > WAITED_NANOS) {
            needed = quick >= needed + FORGIVEN ? IN_DOUBT : Math.min(2 * Math.max(needed, IN_DOUBT), MOST);
            streak = 0;
        } else if (quick < needed) {
            streak = 0;
        }
    }

    boolean isQuick() {
        return streak >= needed;
    }
}
