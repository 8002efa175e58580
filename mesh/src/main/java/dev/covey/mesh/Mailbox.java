package dev.covey.mesh;

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
    /** How many items wait for one listener before they are folded. */
    static final int MAX_WAITING = 16_384;

    private static final System.Logger LOG = System.getLogger(Mailbox.class.getName());
    private static final int BATCH = 256;

    private final String whose;
    private final Executor executor;
    private final Consumer<T> listener;
    private final @Nullable BinaryOperator<T> fold;
    private final ArrayDeque<T> waiting = new ArrayDeque<>();
    private boolean running;
    private boolean closed;

    Mailbox(String whose, Executor executor, Consumer<T> listener, @Nullable BinaryOperator<T> fold) {
        this.whose = whose;
        this.executor = executor;
        this.listener = listener;
        this.fold = fold;
    }

    /** Any thread; never waits. */
    void deliver(T item) {
        synchronized (waiting) {
            if (closed) {
                return;
            }
            waiting.add(item);
            if (fold != null && waiting.size() > MAX_WAITING) {
                T folded = waiting.remove();
                for (T next = waiting.poll(); next != null; next = waiting.poll()) {
                    folded = fold.apply(folded, next);
                }
                waiting.add(folded);
            }
            if (running) {
                return;
            }
            running = true;
        }
        executor.execute(this::run);
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
            tell(next);
        }
        executor.execute(this::run);
    }

    private void tell(T item) {
        try {
            listener.accept(item);
        } catch (RuntimeException | Error thrown) {
            LOG.log(System.Logger.Level.ERROR, whose + " threw; it gets the next one all the same", thrown);
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
