package dev.covey.mesh.agent;

import dev.covey.mesh.MeshException;
import dev.covey.mesh.local.Deadline;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/** One joining, from the first look for the mesh to its answer: what is asked for, and the one deadline of all of it. */
public final class Entry {
    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    /** For files that are gone for good, so that nothing large is read over and over. */
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    final JoinRequest request;
    final Deadline deadline;

    private Entry(JoinRequest request) {
        this.request = request;
        this.deadline = Deadline.in(request.joinTimeout(), "entering");
    }

    /**
     * Tries until an attempt succeeds, or fails for good. It is tried from the start again while what is entered vanishes.
     *
     * @param attempt leaves nothing behind when it fails
     * @throws MeshException why not
     */
    public static <T> T of(JoinRequest request, Function<Entry, T> attempt) {
        Entry entry = new Entry(request);
        for (long pause = FIRST_PAUSE_NANOS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS)) {
            try {
                return attempt.apply(entry);
            } catch (Vanished vanished) {
                if (entry.deadline.isOver() || Thread.currentThread().isInterrupted()) {
                    throw vanished.why();
                }
            } catch (RuntimeException failed) {
                throw Failures.told(failed);
            }
            entry.deadline.now("starting over");
            LockSupport.parkNanos(pause);
        }
    }

    public JoinRequest request() {
        return request;
    }
}
