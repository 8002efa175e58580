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

    private final Doorbell bell;
    private final boolean sleepless;
    private int idle;
    private long idleSince;
    private boolean restless;
    private long sleepMillis = Doorbell.SLEEP_MILLIS;

    /** A sleepless one never sleeps; it still lets others run, or it would keep them from what it waits for. */
    Rest(Doorbell bell, boolean sleepless) {
        this.bell = bell;
        this.sleepless = sleepless;
    }

    /** The next rest lets others run and does not sleep: something is awaited that nobody rings for. */
    void stayAwake() {
        restless = true;
    }

    /** From now on, a sleep that nobody ends ends by itself after so long. */
    void sleepAtMost(long millis) {
        sleepMillis = millis;
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
        if (sleepless) {
            idle = SPINS;
            Thread.yield();
            return;
        }
        long now = System.nanoTime();
        if (idle == SPINS + 1) {
            idleSince = now;
        }
        if (restless || now - idleSince < YIELD_NANOS) {
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
