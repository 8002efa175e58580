package dev.covey.mesh.agent;

import java.util.concurrent.TimeUnit;

/** Whether so much is committed that it is worth the processor to be quick. Belongs to one thread. */
final class Traffic {
    private static final long WINDOW_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    /** Positions in a window; a heartbeat of some member, ten times a second, is no traffic. */
    private static final long BUSY_POSITIONS = 5;
    /** So long after the last busy window it counts as busy still. */
    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(1);

    private boolean begun;
    private long windowNanos;
    private long windowPosition;
    private long busyUntil;

    /** Asked again and again: with the last committed position, and the time. */
    boolean isBusy(long position, long nowNanos) {
        if (!begun) {
            begun = true;
            begin(position, nowNanos);
            busyUntil = nowNanos + LINGER_NANOS;
        } else if (nowNanos - windowNanos >= WINDOW_NANOS) {
            long windows = Math.max(1, (nowNanos - windowNanos) / WINDOW_NANOS);
            if (position - windowPosition > BUSY_POSITIONS * windows) {
                busyUntil = nowNanos + LINGER_NANOS;
            }
            begin(position, nowNanos);
        }
        return nowNanos - busyUntil < 0;
    }

    private void begin(long position, long nowNanos) {
        windowPosition = position;
        windowNanos = nowNanos;
    }
}
