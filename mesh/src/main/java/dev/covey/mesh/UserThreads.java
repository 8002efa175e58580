package dev.covey.mesh;

import dev.covey.patch.FailureTally;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Threads for user code: as many as are busy at once, at most {@link #MAX_THREADS}; the rest waits its turn. A thread that
 * has nothing to do for {@link #IDLE_SECONDS} s ends.
 *
 * <p>Code that does not return holds up nobody but itself: a thread that has been at one task for {@link #STUCK_MILLIS} ms
 * counts no more, and another takes its place, up to {@link #MAX_STUCK} of them. What takes longer than
 * {@link #NAMED_MILLIS} ms is named in the log and by {@link #stuck}.
 */
final class UserThreads implements Executor {
    /** How many listeners may be busy before others wait for them. */
    static final int MAX_THREADS = 256;

    /** How many threads that are stuck are made up for; each holds a stack. */
    static final int MAX_STUCK = 4_096;

    /** After so long at one task a thread is made up for. */
    static final long STUCK_MILLIS = 400;

    /** What takes longer is named. */
    static final long NAMED_MILLIS = 1_000;

    /** How often is looked for stuck threads while any is busy. */
    private static final long LOOK_MILLIS = 200;

    private static final System.Logger LOG = System.getLogger(UserThreads.class.getName());
    private static final int IDLE_SECONDS = 10;

    private final String name;
    private final FailureTally slow = new FailureTally();
    private final FailureTally failures = new FailureTally();
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    private final Map<Thread, Busy> busy = new LinkedHashMap<>();
    private int threads;
    private int idle;
    private int stuck;
    private long started;
    private boolean looking;
    private boolean closed;

    /** Work that has a name for when it does not end. */
    record Task(String whose, Runnable work) implements Runnable {
        @Override
        public void run() {
            work.run();
        }

        @Override
        public String toString() {
            return whose;
        }
    }

    /** What a thread is at. Guarded by {@link #waiting}. */
    private static final class Busy {
        final Runnable work;
        final long since = System.nanoTime();
        boolean stuck;
        boolean named;

        Busy(Runnable work) {
            this.work = work;
        }

        boolean isLongerThan(long millis, long now) {
            return now - since >= TimeUnit.MILLISECONDS.toNanos(millis);
        }
    }

    UserThreads(String name) {
        this.name = name;
    }

    /** What comes too late is dropped: it is an event, and nobody is there for it any more. */
    @Override
    public void execute(Runnable work) {
        offer(work);
    }

    /** Returns whether it will be done: not after closing. */
    boolean offer(Runnable work) {
        synchronized (waiting) {
            if (closed) {
                return false;
            }
            waiting.add(work);
            if (idle >= waiting.size()) {
                waiting.notify();
            } else {
                startIfThereIsRoom();
            }
            lookLater();
            return true;
        }
    }

    boolean isOpen() {
        synchronized (waiting) {
            return !closed;
        }
    }

    /** The names of what has been running for longer than {@link #NAMED_MILLIS} ms. */
    List<String> stuck() {
        long now = System.nanoTime();
        List<String> names = new ArrayList<>();
        synchronized (waiting) {
            for (Busy each : busy.values()) {
                if (each.isLongerThan(NAMED_MILLIS, now)) {
                    names.add(each.work.toString());
                }
            }
        }
        return names;
    }

    /** A process that may have no more threads keeps what waits for those it has, and for the next look. */
    private boolean startIfThereIsRoom() {
        if (threads - stuck >= MAX_THREADS || threads >= MAX_THREADS + MAX_STUCK) {
            return false;
        }
        Thread thread = new Thread(this::run, name + "-" + ++started);
        thread.setDaemon(true);
        try {
            thread.start();
        } catch (OutOfMemoryError noThread) {
            failures.failed(
                    name + ": this process can have no more threads, what is to run waits",
                    noThread.getClass(),
                    noThread,
                    System.nanoTime(),
                    (text, trace) -> LOG.log(System.Logger.Level.WARNING, text, trace));
            return false;
        }
        threads++;
        return true;
    }

    private void run() {
        for (Runnable work = next(); work != null; work = next()) {
            try {
                work.run();
            } catch (Throwable thrown) {
                failures.failed(
                        work + " threw",
                        thrown.getClass(),
                        thrown,
                        System.nanoTime(),
                        (text, trace) -> LOG.log(System.Logger.Level.ERROR, text, trace));
            }
        }
    }

    private @Nullable Runnable next() {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(IDLE_SECONDS);
        synchronized (waiting) {
            ended(busy.remove(Thread.currentThread()));
            idle++;
            try {
                while (waiting.isEmpty() || isOneTooMany()) {
                    long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                    if (closed || millis <= 0 || isOneTooMany()) {
                        threads--;
                        return null;
                    }
                    rest(millis);
                }
                Runnable work = waiting.remove();
                busy.put(Thread.currentThread(), new Busy(work));
                return work;
            } finally {
                idle--;
            }
        }
    }

    /** An interrupt that user code left behind was meant for something that is over. */
    private void rest(long millis) {
        try {
            waiting.wait(millis);
        } catch (InterruptedException leftOver) {
            boolean unused = Thread.interrupted();
        }
    }

    private void ended(@Nullable Busy last) {
        if (last != null && last.stuck) {
            stuck--;
        }
    }

    /** Those that were made up for and came back leave again. */
    private boolean isOneTooMany() {
        return threads - stuck > MAX_THREADS;
    }

    private void lookLater() {
        if (!looking && !closed) {
            try {
                CompletableFuture.delayedExecutor(LOOK_MILLIS, TimeUnit.MILLISECONDS, Runnable::run)
                        .execute(this::look);
                looking = true;
            } catch (OutOfMemoryError noThread) {
                LOG.log(System.Logger.Level.DEBUG, name + ": no thread to look for stuck ones", noThread);
            }
        }
    }

    private void look() {
        long now = System.nanoTime();
        List<Runnable> named = new ArrayList<>();
        synchronized (waiting) {
            looking = false;
            for (Busy each : busy.values()) {
                if (!each.stuck && each.isLongerThan(STUCK_MILLIS, now)) {
                    each.stuck = true;
                    stuck++;
                }
                if (!each.named && each.isLongerThan(NAMED_MILLIS, now)) {
                    each.named = true;
                    named.add(each.work);
                }
            }
            int wanted = waiting.size() - idle;
            while (wanted > 0 && startIfThereIsRoom()) {
                wanted--;
            }
            if (!busy.isEmpty() || !waiting.isEmpty()) {
                lookLater();
            }
        }
        named.forEach(work -> name(work, now));
    }

    private void name(Runnable work, long now) {
        slow.failed(
                work + " has not returned for " + NAMED_MILLIS + " ms; others go on without it",
                work.toString(),
                null,
                now,
                (text, none) -> LOG.log(System.Logger.Level.WARNING, text));
    }

    /** What runs is finished, what waits is done, nothing more is taken. */
    void close() {
        synchronized (waiting) {
            closed = true;
            waiting.notifyAll();
        }
    }
}
