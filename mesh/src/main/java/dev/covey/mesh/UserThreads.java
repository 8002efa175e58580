package dev.covey.mesh;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Threads for user code: as many as are busy at once, at most {@link #MAX_THREADS}; the rest waits its turn. A thread that
 * has nothing to do for {@link #IDLE_SECONDS} s ends.
 */
final class UserThreads implements Executor {
    /** How many listeners may be busy, or stuck, before others wait for them. */
    static final int MAX_THREADS = 256;

    private static final int IDLE_SECONDS = 10;

    private final String name;
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    private int threads;
    private int idle;
    private long started;
    private boolean closed;

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
            } else if (threads < MAX_THREADS) {
                threads++;
                Thread thread = new Thread(this::run, name + "-" + ++started);
                thread.setDaemon(true);
                thread.start();
            }
            return true;
        }
    }

    boolean isOpen() {
        synchronized (waiting) {
            return !closed;
        }
    }

    private void run() {
        for (Runnable work = next(); work != null; work = next()) {
            work.run();
        }
    }

    private @org.jspecify.annotations.Nullable Runnable next() {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(IDLE_SECONDS);
        synchronized (waiting) {
            idle++;
            try {
                while (waiting.isEmpty()) {
                    long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                    if (closed || millis <= 0) {
                        threads--;
                        return null;
                    }
                    waiting.wait(millis);
                }
                return waiting.remove();
            } catch (InterruptedException ended) {
                threads--;
                return null;
            } finally {
                idle--;
            }
        }
    }

    /** What runs is finished, what waits is done, nothing more is taken. */
    void close() {
        synchronized (waiting) {
            closed = true;
            waiting.notifyAll();
        }
    }
}
