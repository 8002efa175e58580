package dev.covey.mesh.agent;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets the agent's thread run an errand of a layer above, such as the handler of a call: for one that takes some microseconds
 * that is far quicker than to wake another thread. While it runs the turn is free. An errand that takes long is noticed
 * by a second thread, which does the agent's work as long as it takes.
 *
 * <p>That thread looks every millisecond while there are errands, and sleeps otherwise; the first errands after a pause find it
 * asleep, and are refused.
 */
public final class Deputy implements Runnable {
    private static final System.Logger LOG = System.getLogger(Deputy.class.getName());
    /** So long the mesh waits for an errand. */
    static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /** Looks go on for so long after the last errand. */
    private static final long VIGIL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** The agent's work, by whichever thread. */
    interface Duty {
        /** As long as that says so, or until the member is gone; the caller neither has the turn before nor after it. */
        void runWhile(BooleanSupplier needed);
    }

    private final String name;
    private final Rest rest;
    private final Duty duty;
    private final Runnable hail;
    private @Nullable Thread agent;
    private @Nullable Runnable errand;
    private boolean running;
    private long lastAsked;
    private boolean asked;
    private long counted;
    /** Counts beginnings and ends of errands, so it is odd while one runs. */
    private volatile long count;

    private volatile long lastEnd;
    private volatile boolean vigilant;
    private volatile boolean standing;
    private volatile boolean stopped;
    private volatile @Nullable Thread thread;

    Deputy(String name, Rest rest, Duty duty, Runnable hail) {
        this.name = name;
        this.rest = rest;
        this.duty = duty;
        this.hail = hail;
    }

    /** This thread is the agent's. */
    void begin() {
        agent = Thread.currentThread();
    }

    /** With the turn: the errand is run when the round is over. False if it has to be run elsewhere. */
    public boolean takes(Runnable work) {
        if (Thread.currentThread() != agent || running || errand != null) {
            return false;
        }
        if (!vigilant) {
            rouse();
            return false;
        }
        errand = work;
        return true;
    }

    /** Two in a row are the beginning of more. */
    private void rouse() {
        long now = System.nanoTime();
        if (asked && now - lastAsked < VIGIL_NANOS) {
            lastEnd = now;
            if (thread == null) {
                Thread made = Daemon.thread(name, this);
                made.start();
                thread = made;
            }
            vigilant = true;
            LockSupport.unpark(thread);
        }
        asked = true;
        lastAsked = now;
    }

    /** Agent's thread, between rounds: runs what was taken. An interrupt meant for an errand would close the files of a round. */
    void runErrand() {
        Runnable work = errand;
        if (work != null) {
            errand = null;
            running = true;
            rest.leaveTo(() -> runWatched(work));
            running = false;
        }
        boolean unused = Thread.interrupted();
    }

    /**
     * Who was about to sleep sees that there is an errand, or is seen asleep and woken. What it throws, and an interrupt that it
     * leaves behind, are not the agent's.
     */
    private void runWatched(Runnable work) {
        count = ++counted;
        if (!vigilant) {
            vigilant = true;
            LockSupport.unpark(thread);
        }
        try {
            work.run();
        } catch (Throwable thrown) {
            LOG.log(System.Logger.Level.ERROR, "what was to be run in place threw; the mesh goes on", thrown);
        } finally {
            count = ++counted;
            lastEnd = System.nanoTime();
            if (standing) {
                hail.run();
            }
        }
    }

    @Override
    public void run() {
        while (!stopped) {
            long begun = count;
            LockSupport.parkNanos(this, PATIENCE_NANOS);
            if (isRunning(begun)) {
                stand(begun);
            } else if (System.nanoTime() - lastEnd > VIGIL_NANOS) {
                sleep();
            }
        }
    }

    private boolean isRunning(long errandCount) {
        return !isEven(errandCount) && count == errandCount;
    }

    private static boolean isEven(long number) {
        return (number & 1) == 0;
    }

    private void stand(long begun) {
        standing = true;
        duty.runWhile(() -> isRunning(begun));
        standing = false;
    }

    /** An errand that was taken just before is looked after all the same. */
    private void sleep() {
        vigilant = false;
        while (!vigilant && !stopped && isEven(count)) {
            LockSupport.park(this);
        }
    }

    void stop() {
        stopped = true;
        LockSupport.unpark(thread);
    }
}
