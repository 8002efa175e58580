package dev.covey.mesh.agent;

import dev.covey.mesh.local.Doorbell;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What the agent does when a round found nothing: goes on looking for a moment, then lets others run, then sleeps until
 * somebody rings.
 *
 * <p>The turn to work is held by the agent's thread while it works, and let go when it sleeps or lets others run. Who finds
 * it lying there may do some of the agent's work instead of waiting for it, and must not wait for anything meanwhile. What is
 * said elsewhere of the agent's thread is true of whoever has the turn.
 */
@SuppressWarnings("ThreadPriorityCheck") // correctness does not rest on the yields; on few cores others need the turn
final class Rest {
    private static final int SPINS = 20;
    private static final long YIELD_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

    /** Longest sleep while nothing is under way; who has news rings, and a ring is lost only with a connection. */
    private static final long CALM_MILLIS = 40;
    /** The same of a host, whose driver's clients give signs of life by the second. */
    private static final long CALM_HOST_MILLIS = 25;

    private final Doorbell bell;
    private final boolean sleepless;
    private final ReentrantLock turn = new ReentrantLock();
    private int idle;
    private long idleSince;
    private boolean restless;
    private @Nullable Throwable failed;
    private long sleepMillis = Doorbell.SLEEP_MILLIS;

    /** A sleepless one never sleeps; it still lets others run, or it would keep them from what it waits for. */
    Rest(Doorbell bell, boolean sleepless) {
        this.bell = bell;
        this.sleepless = sleepless;
    }

    /** Agent's thread: takes the turn, and keeps it but for its rests. */
    void begin() {
        turn.lock();
    }

    /** Agent's thread: nobody has the turn any more. */
    void end() {
        turn.unlock();
    }

    /**
     * Any thread: does this instead of the agent if the agent rests. Not while the thread is interrupted: that would close
     * whatever connection it writes to. What it throws, be it that this thread's stack is at its end, the agent throws when it
     * wakes: work that was done by half must not be gone on with.
     */
    void insteadOfAgent(Runnable work) {
        if (Thread.currentThread().isInterrupted() || turn.isHeldByCurrentThread() || !turn.tryLock()) {
            return;
        }
        try {
            if (failed == null) {
                work.run();
            }
        } catch (RuntimeException | Error agents) {
            failed = agents;
        } finally {
            turn.unlock();
        }
    }

    /** The next rest lets others run and does not sleep: something is awaited that nobody rings for. */
    void stayAwake() {
        restless = true;
    }

    /** From now on, who is calm sleeps longer, if nobody rings. */
    void sleepLonger(boolean calm, boolean host) {
        sleepMillis = !calm ? Doorbell.SLEEP_MILLIS : host ? CALM_HOST_MILLIS : CALM_MILLIS;
    }

    /** Agent's thread, after each round. */
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
            letOthersRun();
            return;
        }
        long now = System.nanoTime();
        if (idle == SPINS + 1) {
            idleSince = now;
        }
        if (restless || now - idleSince < YIELD_NANOS) {
            restless = false;
            letOthersRun();
        } else if (bell.isArmed()) {
            sleep();
        } else {
            bell.arm();
        }
    }

    /** Who runs meanwhile and has something to send need not wait until this thread gets its processor back. */
    private void letOthersRun() {
        turn.unlock();
        try {
            Thread.yield();
        } finally {
            takeTurn();
        }
        failIfOtherFailed();
    }

    /** Whoever has it gives it back within microseconds, if it runs. */
    private void takeTurn() {
        for (int i = 0; i < SPINS; i++) {
            if (turn.tryLock()) {
                return;
            }
            Thread.onSpinWait();
        }
        turn.lock();
    }

    private void sleep() {
        turn.unlock();
        try {
            bell.sleep(sleepMillis);
        } finally {
            takeTurn();
        }
        failIfOtherFailed();
    }

    private void failIfOtherFailed() {
        Throwable failure = failed;
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure instanceof RuntimeException exception) {
            throw exception;
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
