package dev.covey.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Forces many files with several threads. One after the other each new file costs its own commit of the file system's
 * journal; sixteen at a time share one (on the machine this was written on 1,267 against 51 us a file).
 */
final class ManyForces {
    /** For fewer files no thread is woken. */
    static final int WORTH_IT = 4;

    private static final int THREADS = 16;
    private static final long IDLE_SECONDS = 1;
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final ThreadPoolExecutor POOL = newPool();

    private ManyForces() {}

    /** Forces one file. Called by several threads. */
    interface Force {
        void to(Path file) throws IOException;
    }

    private static ThreadPoolExecutor newPool() {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                THREADS, THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
                    Thread thread = new Thread(work, "covey-force-" + NUMBER.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /**
     * Returns when all are on the device or gone. The caller's thread takes part, so that whoever has to wait for the pool
     * still gets on; an interrupt is kept for after it.
     */
    static void run(Force force, Collection<Path> files) throws IOException {
        List<Path> left = new ArrayList<>(files);
        AtomicInteger next = new AtomicInteger();
        List<FutureTask<Void>> shares = new ArrayList<>();
        for (int i = 1; i < Math.min(THREADS, left.size()); i++) {
            FutureTask<Void> share = new FutureTask<>(() -> take(force, left, next), null);
            shares.add(share);
            POOL.execute(share);
        }
        RuntimeException failure = null;
        try {
            take(force, left, next);
        } catch (RuntimeException failed) {
            failure = failed;
        }
        boolean interrupted = false;
        for (FutureTask<Void> share : shares) {
            interrupted |= awaitDone(share);
            failure = failure == null ? failureOf(share) : failure;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (failure instanceof UncheckedIOException io) {
            throw io.getCause();
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** Whether the caller was interrupted meanwhile. */
    private static boolean awaitDone(FutureTask<Void> share) {
        boolean interrupted = false;
        while (!share.isDone()) {
            try {
                share.get();
            } catch (InterruptedException later) {
                interrupted = true;
            } catch (ExecutionException failed) {
                return interrupted;
            }
        }
        return interrupted;
    }

    private static @Nullable RuntimeException failureOf(FutureTask<Void> done) {
        try {
            done.get();
            return null;
        } catch (ExecutionException failed) {
            return failed.getCause() instanceof RuntimeException unchecked
                    ? unchecked
                    : new IllegalStateException(failed.getCause());
        } catch (InterruptedException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** On one of the threads that force; what it forces gets the others. */
    static Future<Void> beside(Callable<Void> work) {
        return POOL.submit(work);
    }

    private static void take(Force force, List<Path> left, AtomicInteger next) {
        for (int i = next.getAndIncrement(); i < left.size(); i = next.getAndIncrement()) {
            try {
                force.to(left.get(i));
            } catch (IOException failed) {
                next.set(left.size());
                throw new UncheckedIOException(failed);
            }
        }
    }
}
