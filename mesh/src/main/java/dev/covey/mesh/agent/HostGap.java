package dev.covey.mesh.agent;

import dev.covey.mesh.local.ControlFile;
import dev.covey.mesh.protocol.Cell;

/**
 * Measures how long the mesh was without a host: from when the old one's beat was last seen to go on to the new one's first
 * record, by this member's clock.
 */
final class HostGap {
    private final ControlFile control;
    private long epochLow = -1;
    private long beat;
    private long beatSeenAt;
    private long silentSince;

    HostGap(ControlFile control) {
        this.control = control;
    }

    /**
     * Once a round, with the cell of that round. The beat is read after the cell, so it may be the new host's already;
     * then the one of the round before counts.
     */
    void look(long cell) {
        long now = control.beats();
        if (epochLow < 0) {
            beat = now;
            epochLow = Cell.epochLow(cell);
        } else if (Cell.epochLow(cell) != epochLow) {
            silentSince = beatSeenAt;
            epochLow = Cell.epochLow(cell);
        } else if (now != beat && control.cell() == cell) {
            beat = now;
            beatSeenAt = System.nanoTime();
        }
    }

    /** A new epoch's first record is applied: nanoseconds without a host, 0 if this member saw no host before. */
    long closed() {
        long gap = silentSince == 0 ? 0 : System.nanoTime() - silentSince;
        silentSince = 0;
        return gap;
    }
}
