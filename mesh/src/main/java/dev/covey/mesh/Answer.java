package dev.covey.mesh;

import dev.covey.mesh.agent.MeshAgent;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A future that the agent can settle without running a line of user code: whatever depends on it runs on the thread that
 * waits for it or on the answers' own thread, never on the agent's. Step 10 of the street.
 *
 * <p>Two stages: {@link #settle} stores the result and wakes a waiting thread; {@link #finish} makes it visible to
 * everything that {@link CompletableFuture} offers. The waiting thread finishes by itself, which saves a hand-over; else
 * {@link Answers} does.
 */
final class Answer extends CompletableFuture<Revision> {
    private static final VarHandle WAITER;
    private static final int SPINS = 50;

    static {
        try {
            WAITER = MethodHandles.lookup().findVarHandle(Answer.class, "waiter", Thread.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private final MeshAgent agent;
    private volatile @Nullable Object settled;
    private volatile @Nullable Thread waiter;

    Answer(MeshAgent agent) {
        this.agent = agent;
    }

    /** Agent's thread. Returns whether somebody else has to {@link #finish} it. */
    boolean settle(Object revisionOrFailure) {
        settled = revisionOrFailure;
        Thread waiting = waiter;
        wake(waiting);
        return waiting == null;
    }

    /** Runs what depends on the result, on the calling thread. Any number of calls. */
    void finish() {
        Object result = settled;
        if (result instanceof Revision revision) {
            super.complete(revision);
        } else if (result instanceof Throwable failure) {
            super.completeExceptionally(failure);
        }
    }

    @Override
    public Revision join() {
        boolean interrupted = false;
        while (!await(Long.MAX_VALUE)) {
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return super.join();
    }

    @Override
    public Revision get() throws InterruptedException, ExecutionException {
        if (!await(Long.MAX_VALUE)) {
            throw new InterruptedException();
        }
        return super.get();
    }

    @Override
    public Revision get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        long nanos = unit.toNanos(timeout);
        if (!await(nanos) && Thread.interrupted()) {
            throw new InterruptedException();
        }
        return super.get(settled == null && !super.isDone() ? 0 : nanos, unit);
    }

    @Override
    public boolean isDone() {
        finish();
        return super.isDone();
    }

    @Override
    public @Nullable Revision getNow(@Nullable Revision absent) {
        finish();
        return super.getNow(absent);
    }

    /** Every dependent of this future is made by this call, before it looks whether there is a result. */
    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        finish();
        if (settled == null) {
            agent.wake();
        }
        return new CompletableFuture<>();
    }

    /** Waits until there is a result; false when the time is over or the thread was interrupted. */
    private boolean await(long nanos) {
        if (!isThere() && WAITER.compareAndSet(this, (Thread) null, Thread.currentThread())) {
            try {
                if (!agent.standIn().lookForDecision(this::isThere, nanos) && !park(nanos)) {
                    return false;
                }
            } finally {
                waiter = null;
            }
        }
        finish();
        return true;
    }

    private boolean isThere() {
        return settled != null || super.isDone();
    }

    private boolean park(long nanos) {
        long start = System.nanoTime();
        for (int i = 0; !isThere() && i < SPINS; i++) {
            Thread.onSpinWait();
        }
        while (!isThere()) {
            if (nanos == Long.MAX_VALUE) {
                LockSupport.park(this);
            } else {
                long left = nanos - (System.nanoTime() - start);
                if (left <= 0) {
                    return false;
                }
                LockSupport.parkNanos(this, left);
            }
            if (Thread.currentThread().isInterrupted()) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean complete(Revision value) {
        return wake(super.complete(value));
    }

    @Override
    public boolean completeExceptionally(Throwable failure) {
        return wake(super.completeExceptionally(failure));
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        return wake(super.cancel(mayInterruptIfRunning));
    }

    private boolean wake(boolean done) {
        wake(waiter);
        return done;
    }

    /** One that looks itself is awake. */
    private static void wake(@Nullable Thread waiting) {
        if (waiting != Thread.currentThread()) {
            LockSupport.unpark(waiting);
        }
    }
}
