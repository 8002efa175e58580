package dev.covey.rpc;

import dev.covey.patch.FailureTally;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;

/** Runs what it is given one after the other on another executor. */
final class Serial implements Executor {
    private static final System.Logger LOG = System.getLogger(Serial.class.getName());

    private final Executor executor;
    private final FailureTally failures = new FailureTally();
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    private boolean running;

    Serial(Executor executor) {
        this.executor = executor;
    }

    @Override
    public void execute(Runnable work) {
        synchronized (waiting) {
            waiting.add(work);
            if (running) {
                return;
            }
            running = true;
        }
        executor.execute(this::run);
    }

    private void run() {
        for (Runnable next = next(); next != null; next = next()) {
            try {
                next.run();
            } catch (Throwable thrown) {
                failures.failed(
                        "a publisher or subscriber threw; it gets the next all the same",
                        thrown.getClass(),
                        thrown,
                        System.nanoTime(),
                        (text, trace) -> LOG.log(System.Logger.Level.ERROR, text, trace));
            }
        }
    }

    private @org.jspecify.annotations.Nullable Runnable next() {
        synchronized (waiting) {
            Runnable next = waiting.poll();
            running = next != null;
            return next;
        }
    }
}
