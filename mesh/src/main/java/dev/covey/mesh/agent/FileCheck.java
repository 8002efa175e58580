package dev.covey.mesh.agent;

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

    private final CommittedObjects objects;
    private String last = "";
    private long nextAt = System.nanoTime();

    FileCheck(CommittedObjects objects) {
        this.objects = objects;
    }

    /** Has some objects verified if it is time. */
    void look(Consumer<String> verify) {
        long begun = System.nanoTime();
        if (begun - nextAt < 0) {
            return;
        }
        String first = objects.after(last);
        String next = first;
        long taken = 0;
        while (next != null && taken < LOOK_NANOS) {
            verify.accept(next);
            last = next;
            taken = System.nanoTime() - begun;
            next = other(objects.after(last), first);
        }
        nextAt = System.nanoTime() + Math.max(PAUSE_NANOS, SHARE * taken);
    }

    private static @Nullable String other(@Nullable String next, @Nullable String first) {
        return next == null || next.equals(first) ? null : next;
    }
}
