package dev.covey.mesh.agent;

import dev.covey.mesh.local.Doorbell;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What the agent does when a round found nothing: goes on looking for a moment, then lets others run, then sleeps until
 * somebody rings.
 *
 * <p>The turn to work is held by the agent's thread while it works, and let go when it sleeps or lets others run. Who finds
 * it lying there may do some of the agent's work instead of waiting for it, and must not wait for anything meanwhile. What is
 * said elsewhere of the agent's thread is true of whoever has the turn.
 *
 * <p>Who waits for what a round will bring may stand in for the agent for some hundred microseconds ({@link #standIn}): then
 * the answer needs to wake nobody. The agent sleeps meanwhile, also one that is sleepless: two that look would only take each
 * other the processor. After it whoever has news rings for the agent again.
 */
@SuppressWarnings("ThreadPriorityCheck") // correctness does not rest on the yields; on few cores others need the turn
final class Rest {
    private static final int SPINS = 20;
    private static final long YIELD_NANOS = TimeUnit.MICROSECONDS.toNanos(100);
    /** Who slept for so long and then had one thing to do is not likely to have more to do soon. */
    private static final long LITTLE_DONE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    /** Who slept for so long was woken, for all that is known. */
    private static final long WOKEN_NANOS = TimeUnit.MICROSECONDS.toNanos(500);

    private static final long SHORT_YIELD_NANOS = TimeUnit.MICROSECONDS.toNanos(20);

    /** Longest sleep while nothing is under way; who has news rings, and a ring is lost only with a connection. */
    private static final long CALM_MILLIS = 80;
    /** The same of a host, whose driver's clients give signs of life by the second. */
    private static final long CALM_HOST_MILLIS = 50;

    /** What a round of a stand-in returns when the agent has to go on. */
    static final int NOT_MINE = -1;

    /** A stand-in looks for so long: most of what it waits for takes another process to wake up, and some more. */
    private static final long STAND_IN_NANOS = TimeUnit.MICROSECONDS.toNanos(600);
    /** How often a sleepless agent sees whether there are stand-ins still. */
    private static final long SLEEPLESS_MILLIS = 1;

    /** Rounds that found something: with fewer, what is waited for is about all that comes. */
    private static final int COMPANY = 3;

    private static final int LAST_LOOKS = 3;
    private static final int TRIES = 200;

    private final Doorbell bell;
    private final boolean sleepless;
    private final ReentrantLock turn = new ReentrantLock();
    private final AtomicBoolean standIn = new AtomicBoolean();
    /** The agent sleeps because of a stand-in, or is about to find out whether there is one. */
    private volatile boolean dozing;

    private int idle;
    private long idleSince;
    private boolean sleptLong;
    private boolean justWoken;
    private boolean calm;
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

    /**
     * Any thread that waits: does rounds instead of the agent until there is what it waits for, or it was long enough. One
     * at a time, and not while the thread is interrupted.
     *
     * @param may asked once, with the turn in hand
     * @param round returns how much there was to do, or {@link #NOT_MINE}
     * @param there whether it has come
     * @param nanos what it has time for
     * @return whether it has come; if not it may still, and is to be waited for
     */
    boolean standIn(BooleanSupplier may, IntSupplier round, BooleanSupplier there, long nanos) {
        boolean hindered =
                turn.isHeldByCurrentThread() || Thread.currentThread().isInterrupted();
        if (hindered || !standIn.compareAndSet(false, true)) {
            return false;
        }
        boolean hasTurn = isTurnTaken(TRIES);
        boolean begun = hasTurn && failed == null && may.getAsBoolean() && bell.attended();
        boolean left = begun && workUntil(round, there, Math.min(nanos, STAND_IN_NANOS));
        standIn.set(false);
        if (begun ? !left : dozing) {
            bell.hail();
        }
        if (hasTurn) {
            turn.unlock();
        }
        return there.getAsBoolean();
    }

    /** Whether nothing is left for the agent. */
    private boolean workUntil(IntSupplier round, BooleanSupplier there, long nanos) {
        try {
            long start = System.nanoTime();
            int idle = 0;
            int busy = 0;
            while (!there.getAsBoolean()) {
                int work = round.getAsInt();
                if (work == NOT_MINE) {
                    return false;
                }
                busy += work > 0 ? 1 : 0;
                idle = work > 0 ? 0 : idle + 1;
                if (idle <= SPINS) {
                    Thread.onSpinWait();
                } else if (System.nanoTime() - start > nanos
                        || Thread.currentThread().isInterrupted()) {
                    break;
                } else if (!letAgentRun()) {
                    return false;
                }
            }
            return busy < COMPANY && leave(round);
        } catch (RuntimeException | Error agents) {
            failed = agents;
            return false;
        }
    }

    /** What came before others ring again is looked for; false if there is more than this one should do. */
    private boolean leave(IntSupplier round) {
        for (int i = 0; i < LAST_LOOKS; i++) {
            bell.unattended();
            if (round.getAsInt() == 0) {
                return true;
            }
        }
        return false;
    }

    /** False if there is nothing to be gone on with. */
    private boolean letAgentRun() {
        turn.unlock();
        try {
            Thread.yield();
        } finally {
            turn.lock();
        }
        return failed == null;
    }

    /** The next rest lets others run and does not sleep: something is awaited that nobody rings for. */
    void stayAwake() {
        restless = true;
    }

    /** From now on, who is calm sleeps longer, if nobody rings. */
    void sleepLonger(boolean isCalm, boolean host) {
        calm = isCalm;
        sleepMillis = !isCalm ? Doorbell.SLEEP_MILLIS : host ? CALM_HOST_MILLIS : CALM_MILLIS;
    }

    /** Agent's thread, after each round. */
    void after(int work) {
        if (work > 0) {
            awake();
            letAskerRun();
            return;
        }
        if (standIn.get()) {
            leaveTo(this::doze);
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
        if (restless || now - idleSince < (calm && sleptLong ? SHORT_YIELD_NANOS : YIELD_NANOS)) {
            restless = false;
            letOthersRun();
        } else if (bell.isArmed()) {
            sleep();
        } else {
            bell.arm();
        }
    }

    /** On few processors, who has asked after a pause may wait for this one to answer and for its processor. */
    private void letAskerRun() {
        if (justWoken) {
            justWoken = false;
            letOthersRun();
        }
    }

    /** Who runs meanwhile and has something to send need not wait until this thread gets its processor back. */
    private void letOthersRun() {
        leaveTo(Thread::yield);
    }

    private void sleep() {
        long begun = System.nanoTime();
        leaveTo(() -> bell.sleep(sleepMillis));
        long slept = System.nanoTime() - begun;
        sleptLong = slept > LITTLE_DONE_NANOS;
        justWoken = slept > WOKEN_NANOS;
    }

    /** Does something that is not the agent's work, without the turn. */
    void leaveTo(Runnable meanwhile) {
        turn.unlock();
        try {
            meanwhile.run();
        } finally {
            takeTurn();
        }
        failIfOtherFailed();
    }

    /** Whoever has it gives it back within microseconds, if it runs; a stand-in has it for longer, and needs no help. */
    private void takeTurn() {
        if (!isTurnTaken(SPINS)) {
            doze();
            turn.lock();
        }
    }

    /** Without the turn: sleeps if there is a stand-in. */
    private void doze() {
        dozing = true;
        if (standIn.get()) {
            bell.doze(sleepless ? SLEEPLESS_MILLIS : sleepMillis);
        }
        dozing = false;
    }

    private boolean isTurnTaken(int tries) {
        for (int i = 0; i < tries; i++) {
            if (turn.tryLock()) {
                return true;
            }
            Thread.onSpinWait();
        }
        return false;
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
