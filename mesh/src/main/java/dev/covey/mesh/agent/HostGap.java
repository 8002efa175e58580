package dev.covey.mesh.agent;

import dev.covey.mesh.local.ControlFile;
import dev.covey.mesh.protocol.Cell;

/** Measures how long the mesh was without a host: from the old one's last beat to the new one's first record. */
final class HostGap {
    private final ControlFile control;
    private long epochLow = -1;
    private long lastBeat;
    private long silentSince;

    HostGap(ControlFile control) {
        this.control = control;
    }

    /**
     * Once a round, with the cell of that round. The beat is read after the cell, so it may be the new host's already;
     * then the one of the round before counts.
     */
    void look(long cell) {
        long beat = control.beat();
        if (Cell.epochLow(cell) == epochLow && control.cell() == cell) {
            lastBeat = beat;
        } else if (Cell.epochLow(cell) != epochLow) {
            silentSince = epochLow < 0 ? 0 : lastBeat;
            epochLow = Cell.epochLow(cell);
        }
    }

    /** A new epoch's first record is applied: nanoseconds without a host, 0 if this member saw no host before. */
    long closed() {
        long gap = silentSince == 0 ? 0 : System.nanoTime() - silentSince;
        silentSince = 0;
        return gap;
    }
}
