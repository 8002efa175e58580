package dev.covey.mesh.aeron;

import java.util.concurrent.TimeUnit;

/**
 * When the housekeeping of a driver or a client is due: at once while there is something to do, else now and then. A round
 * of it costs more than a look at what has arrived, and who waits for an answer looks a million times a second.
 */
final class Pace {
    /** What a connection, or room in a full publication, may come later. */
    private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(50);

    private long dueAt = System.nanoTime();

    boolean isDue() {
        return System.nanoTime() - dueAt >= 0;
    }

    /** It was done now; how much there was to do. */
    void done(int work) {
        dueAt = System.nanoTime() + (work > 0 ? 0 : PAUSE_NANOS);
    }
}
