package dev.covey.mesh.agent;

import dev.covey.mesh.local.Doorbell;
import java.util.concurrent.TimeUnit;

/**
 * What the agent does when a round found nothing: goes on looking for a moment, then lets others run, then sleeps until
 * somebody rings.
 */
final class Rest {
    private static final int SPINS = 20;
    private static final long YIELD_NANOS = TimeUnit.MICROSECONDS.toNanos(100);
    /** While an answer is awaited: about what waking the host and being woken by it takes on an idle machine. */
    private static final long AWAIT_NANOS = TimeUnit.MICROSECONDS.toNanos(600);

    private final Doorbell bell;
    private int idle;
    private long idleSince;
    private boolean restless;
    private long patience = YIELD_NANOS;
    private long sleepMillis = Doorbell.SLEEP_MILLIS;

    Rest(Doorbell bell) {
        this.bell = bell;
    }

    /** The next rest lets others run and does not sleep: something is awaited that nobody rings for. */
    void stayAwake() {
        restless = true;
    }

    /**
     * How to rest from now on.
     *
     * @param awaited whether an answer is on its way: who stays awake for it saves the host a ring and itself a wake-up
     * @param longestMillis a sleep nobody ends ends by itself after so long
     */
    void adapt(boolean awaited, long longestMillis) {
        patience = awaited ? AWAIT_NANOS : YIELD_NANOS;
        sleepMillis = longestMillis;
    }

    /** Agent's thread, after each round. */
    @SuppressWarnings(
            "ThreadPriorityCheck") // correctness does not rest on the yield; on few cores others need the turn
    void after(int work) {
        if (work > 0) {
            awake();
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
        if (restless || now - idleSince < patience) {
            restless = false;
            Thread.yield();
        } else if (bell.isArmed()) {
            bell.sleep(sleepMillis);
        } else {
            bell.arm();
        }
    }

    /** An armed bell wants one more look before the sleep; that look found something. */
    private void awake() {
        idle = 0;
        if (bell.isArmed()) {
            bell.disarm();
        }
    }
}
