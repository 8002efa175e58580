package dev.covey.mesh.agent;

import dev.covey.mesh.local.ControlFile;
import dev.covey.mesh.protocol.Cell;

/**
 * How long the host has given no beat, by the clock of who watches it. Clocks of two processes are never compared: they may
 * run in other time namespaces (rule C6).
 *
 * <p>Another epoch of the cell begins the measurement anew, so a host that has just taken the cell is not blamed for
 * the silence of the one before. So does a watcher that was itself late: it cannot know what it has missed, and blames
 * nobody. Belongs to one thread.
 */
final class Silence {
    private final ControlFile control;
    private final long lateNanos;
    private long epoch = -1;
    private long beat;
    private long since;
    private long lookedAt;

    /**
     * @param lateNanos who has not looked for longer than that was late
     */
    Silence(ControlFile control, long lateNanos) {
        this.control = control;
        this.lateNanos = lateNanos;
    }

    /** For how many nanoseconds the beat was seen to stand still; 0 at the first look. */
    long nanos(long nowNanos) {
        long cellEpoch = Cell.epochLow(control.cell());
        long seen = control.beats();
        if (epoch != cellEpoch || beat != seen || nowNanos - lookedAt > lateNanos) {
            epoch = cellEpoch;
            beat = seen;
            since = nowNanos;
        }
        lookedAt = nowNanos;
        return nowNanos - since;
    }
}
