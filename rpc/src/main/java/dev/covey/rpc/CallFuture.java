package dev.covey.rpc;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a call. The mesh's own thread only leaves it here and wakes who waits; reading the JSON, and whatever hangs
 * on the future, is done by the waiting thread, or by {@link Workers} if nobody waits.
 */
final class CallFuture<T> extends CompletableFuture<T> {
    private static final VarHandle WAITER;
    private static final int SPINS = 100;

    static {
        try {
            WAITER = MethodHandles.lookup().findVarHandle(CallFuture.class, "waiter", Thread.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    /** How the calling thread may find the answer without being woken. */
    interface Lookout {
        /** Looks for some hundred microseconds at most; whether it is there. */
        boolean lookFor(BooleanSupplier there, long nanos);

        /** Somebody hangs on the answer, and no thread waits for it. */
        void leave();
    }

    private final Lookout lookout;
    private final Runnable onCancel;
    private volatile @Nullable Supplier<T> settled;
    private volatile @Nullable Thread waiter;

    /** The answer of a call; {@code onCancel} tells the callee that nobody wants it any more. */
    CallFuture(Lookout lookout, Runnable onCancel) {
        this.lookout = lookout;
        this.onCancel = onCancel;
    }

    /** Leaves what computes or throws the answer; returns whether somebody has to {@link #finish} it. */
    boolean settle(Supplier<T> answer) {
        settled = answer;
        Thread waiting = waiter;
        wake(waiting);
        return waiting == null;
    }

    /** Computes the answer and runs what hangs on it, here. */
    void finish() {
        Supplier<T> answer = settled;
        if (answer == null || super.isDone()) {
            return;
        }
        T value;
        try {
            value = answer.get();
        } catch (Throwable failed) {
            super.completeExceptionally(failed);
            return;
        }
        super.complete(value);
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        boolean cancelled = super.cancel(mayInterruptIfRunning);
        if (cancelled) {
            onCancel.run();
        }
        return woken(cancelled);
    }

    @Override
    public boolean complete(T value) {
        return woken(super.complete(value));
    }

    @Override
    public boolean completeExceptionally(Throwable failure) {
        return woken(super.completeExceptionally(failure));
    }

    private boolean woken(boolean done) {
        wake(waiter);
        return done;
    }

    /** One that looks itself is awake. */
    private static void wake(@Nullable Thread waiting) {
        if (waiting != Thread.currentThread()) {
            LockSupport.unpark(waiting);
        }
    }

    /** The answer, for a proxy: what went wrong is thrown as it is, and an interrupt cancels the call. */
    T answer() {
        try {
            return get();
        } catch (InterruptedException interrupted) {
            cancel(true);
            Thread.currentThread().interrupt();
            throw new RpcException(RpcCode.CANCELLED, "the calling thread was interrupted", interrupted);
        } catch (CancellationException cancelled) {
            throw new RpcException(RpcCode.CANCELLED, "the call was cancelled", cancelled);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeException why) {
                throw why;
            }
            throw new IllegalStateException(failed);
        }
    }

    @Override
    public T join() {
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
    public T get() throws InterruptedException, ExecutionException {
        if (!await(Long.MAX_VALUE)) {
            throw new InterruptedException();
        }
        return super.get();
    }

    @Override
    public T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        if (!await(unit.toNanos(timeout)) && Thread.interrupted()) {
            throw new InterruptedException();
        }
        return super.get(0, unit);
    }

    @Override
    public boolean isDone() {
        finish();
        return super.isDone();
    }

    @Override
    public @Nullable T getNow(@Nullable T absent) {
        finish();
        return super.getNow(absent);
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        if (settled == null) {
            lookout.leave();
        }
        return new CompletableFuture<>();
    }

    /** Whether there is an answer; false when the time is over or the thread was interrupted. */
    private boolean await(long nanos) {
        if (!isThere()) {
            if (!WAITER.compareAndSet(this, (Thread) null, Thread.currentThread())) {
                return awaitSecond(nanos);
            }
            boolean ended = false;
            try {
                ended = lookout.lookFor(this::isThere, nanos) || park(nanos);
            } finally {
                waiter = null;
            }
            if (!ended && settled == null) {
                return false;
            }
        }
        finish();
        return true;
    }

    /** Somebody waits already; the JDK's own waiting is woken when that one finishes. */
    private boolean awaitSecond(long nanos) {
        try {
            if (nanos == Long.MAX_VALUE) {
                super.get();
            } else {
                super.get(nanos, TimeUnit.NANOSECONDS);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        } catch (TimeoutException late) {
            return false;
        } catch (ExecutionException | CancellationException ended) {
            return true;
        }
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
            if (Thread.currentThread().isInterrupted()) {
                return false;
            }
            if (nanos == Long.MAX_VALUE) {
                LockSupport.park(this);
            } else {
                long left = nanos - (System.nanoTime() - start);
                if (left <= 0) {
                    return false;
                }
                LockSupport.parkNanos(this, left);
            }
        }
        return true;
    }
}
