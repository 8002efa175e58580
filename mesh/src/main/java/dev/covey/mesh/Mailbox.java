package dev.covey.mesh;

import dev.covey.patch.FailureTally;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What waits for one listener: delivered in order, one call at a time, on the executor. A listener that is too slow gets
 * what waits folded into one; one that throws is reported and gets the next.
 */
final class Mailbox<T> {
    /** How many events wait for one listener of the mesh; beyond, the oldest are dropped, and the log says so. */
    static final int MAX_EVENTS = 16_384;

    private static final System.Logger LOG = System.getLogger(Mailbox.class.getName());
    private static final int BATCH = 256;

    private final String whose;
    private final Executor executor;
    private final Consumer<T> listener;
    private final @Nullable BinaryOperator<T> fold;
    private final int room;
    private final ArrayDeque<T> waiting = new ArrayDeque<>();
    private final FailureTally failures = new FailureTally();
    private final FailureTally losses = new FailureTally();
    private final Runnable work;
    private boolean running;
    private boolean closed;

    Mailbox(String whose, Executor executor, Consumer<T> listener, BinaryOperator<T> fold, int room) {
        this(whose, executor, listener, room, fold);
    }

    /** For events, which cannot be folded. */
    Mailbox(String whose, Executor executor, Consumer<T> listener) {
        this(whose, executor, listener, MAX_EVENTS, null);
    }

    private Mailbox(String whose, Executor executor, Consumer<T> listener, int room, @Nullable BinaryOperator<T> fold) {
        this.whose = whose;
        this.executor = executor;
        this.listener = listener;
        this.fold = fold;
        this.room = room;
        this.work = new UserThreads.Task(whose, this::run);
    }

    /** Any thread; never waits. */
    void deliver(T item) {
        synchronized (waiting) {
            if (closed) {
                return;
            }
            waiting.add(item);
            if (waiting.size() > room) {
                makeRoom();
            }
            if (running) {
                return;
            }
            running = true;
        }
        executor.execute(work);
    }

    private void makeRoom() {
        T folded = waiting.remove();
        if (fold == null) {
            losses.failed(
                    whose + " has " + room + " events waiting and loses the oldest",
                    whose,
                    null,
                    System.nanoTime(),
                    (text, none) -> LOG.log(System.Logger.Level.WARNING, text));
            return;
        }
        for (T next = waiting.poll(); next != null; next = waiting.poll()) {
            folded = fold.apply(folded, next);
        }
        waiting.add(folded);
    }

    private void run() {
        for (int i = 0; i < BATCH; i++) {
            T next;
            synchronized (waiting) {
                next = waiting.poll();
                if (next == null) {
                    running = false;
                    waiting.notifyAll();
                    return;
                }
            }
            guarded(listener, next);
        }
        executor.execute(work);
    }

    /**
     * Tells a listener, whose exceptions harm nobody. Throwable, since many a language lets a checked exception out of where
     * Java's compiler would not.
     */
    <E> void guarded(Consumer<E> told, E item) {
        try {
            told.accept(item);
        } catch (Throwable thrown) {
            failures.failed(
                    whose + " threw; it gets the next one all the same",
                    thrown.getClass(),
                    thrown,
                    System.nanoTime(),
                    (text, trace) -> LOG.log(System.Logger.Level.ERROR, text, trace));
        }
    }

    /** Nothing more comes; what waits is dropped. */
    void close() {
        synchronized (waiting) {
            closed = true;
            waiting.clear();
        }
    }

    /** Waits until everything was delivered, at most so long. */
    void drain(long millis) throws InterruptedException {
        long deadline = System.nanoTime() + millis * 1_000_000;
        synchronized (waiting) {
            while (running) {
                long left = (deadline - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    return;
                }
                waiting.wait(left);
            }
        }
    }
}
