package dev.covey.mesh.agent;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the revision files of one object after the other, whether they still lead to its state, for about a hundredth of
 * the time of one processor. Recorder's thread.
 */
final class FileCheck {
    /** From one look to the next, at least. */
    static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** As long as this a look goes on with the next object. */
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private static final int SHARE = 100;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final CommittedObjects objects;
    private String last = "";
    private long nextAt = System.nanoTime();

    FileCheck(CommittedObjects objects) {
        this.objects = objects;
    }

    /** Has some objects verified if it is time. */
    void look(Consumer<String> verify) {
        if (System.nanoTime() - nextAt < 0) {
            return;
        }
        long begun = worked();
        String first = objects.after(last);
        String next = first;
        long taken = 0;
        while (next != null && taken < LOOK_NANOS) {
            verify.accept(next);
            last = next;
            taken = worked() - begun;
            next = other(objects.after(last), first);
        }
        nextAt = System.nanoTime() + Math.max(PAUSE_NANOS, SHARE * taken);
    }

    /** By the processor's time: on a busy machine a look lasts long and costs no more. */
    private static long worked() {
        return THREADS.isCurrentThreadCpuTimeSupported() ? THREADS.getCurrentThreadCpuTime() : System.nanoTime();
    }

    private static @Nullable String other(@Nullable String next, @Nullable String first) {
        return next == null || next.equals(first) ? null : next;
    }
}
