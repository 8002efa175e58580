package dev.covey.mesh.local;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that touches file channels of this package.
 *
 * <p>A channel that an interrupted thread uses is closed by the JVM, and closing it anywhere in the process drops every
 * lock the process has on that file, silently. Callers of Covey may be interrupted at any time; this thread is known to
 * nobody who could.
 */
final class FileThread {
    private static final long IDLE_SECONDS = 1;
    private static final ThreadPoolExecutor THREAD = newThread();

    private FileThread() {}

    /** Work that may fail as files do. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws IOException;
    }

    /** Runs the work to its end, however often the caller is interrupted meanwhile; the interrupt is kept. */
    static <T> T call(Work<T> work) throws IOException {
        FutureTask<T> task = new FutureTask<>(work::run);
        THREAD.execute(task);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException later) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException failed) {
            throw rethrown(failed.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static IOException rethrown(@Nullable Throwable cause) {
        if (cause instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof IOException io ? io : new IOException(cause);
    }

    private static ThreadPoolExecutor newThread() {
        ThreadPoolExecutor executor =
                new ThreadPoolExecutor(1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
                    Thread thread = new Thread(null, work, "covey-files", 0, false);
                    thread.setDaemon(true);
                    thread.setContextClassLoader(null);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }
}
