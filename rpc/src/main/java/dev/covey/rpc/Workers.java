package dev.covey.rpc;

import java.lang.reflect.Method;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads for handlers, listeners and what hangs on answers: one for each task, so that none waits for another. Virtual
 * ones where the JDK has them, else pooled ones. How many tasks there may be is counted by who hands them in.
 */
final class Workers implements Executor {
    private static final long IDLE_SECONDS = 10;

    private final ExecutorService threads;

    Workers(String name) {
        threads = isVirtual() ? virtual() : pooled(name);
    }

    private static boolean isVirtual() {
        return Runtime.version().feature() >= 21 && !Boolean.getBoolean("covey.rpc.platform.threads");
    }

    private static ExecutorService virtual() {
        try {
            Method made = Executors.class.getMethod("newVirtualThreadPerTaskExecutor");
            return (ExecutorService) made.invoke(null);
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException("a JDK of 21 or later without virtual threads", impossible);
        }
    }

    private static ExecutorService pooled(String name) {
        AtomicInteger count = new AtomicInteger();
        return new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), work -> {
                    Thread thread = new Thread(work, name + "-" + count.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
    }

    @Override
    public void execute(Runnable work) {
        threads.execute(work);
    }

    /** For ends that must be told even when all is closed. */
    void executeOrRun(Runnable work) {
        try {
            threads.execute(work);
        } catch (RejectedExecutionException closed) {
            work.run();
        }
    }

    /** Takes nothing more; what runs ends by itself. */
    void close() {
        threads.shutdown();
    }
}
