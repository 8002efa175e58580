package dev.covey.mesh;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs what it is given one after the other on another executor, whose thread it gives back now and then. It has no bound
 * of its own: senders of a {@link Channel} may only have so much under way.
 */
final class Sequence implements Executor {
    private static final int BATCH = 256;

    private final Executor executor;
    private final ConcurrentLinkedQueue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger();

    Sequence(Executor executor) {
        this.executor = executor;
    }

    @Override
    public void execute(Runnable work) {
        waiting.add(work);
        if (size.getAndIncrement() == 0) {
            executor.execute(this::run);
        }
    }

    private void run() {
        for (int i = 0; i < BATCH; i++) {
            Runnable next = waiting.poll();
            if (next == null) {
                throw new IllegalStateException("something was counted and is not there");
            }
            next.run();
            if (size.decrementAndGet() == 0) {
                return;
            }
        }
        executor.execute(this::run);
    }
}
