package dev.covey.mesh.core;

import dev.covey.mesh.protocol.Cell;

/** The commit cell of a simulated machine: the real word, without the shared memory. */
class SimulatedCell {
    private long word = Cell.pack(0, 0);
    private long epoch;
    private boolean closed;

    /** The full epoch; the simulation counts it along, since it never looks away for a million epochs. */
    final long epoch() {
        epoch = Cell.widen(epoch, Cell.epochLow(word));
        return epoch;
    }

    final long position() {
        return Cell.position(word);
    }

    /** A new page that begins there. */
    final void born(long bornEpoch, long position) {
        epoch = bornEpoch;
        word = Cell.pack(bornEpoch, position);
    }

    /** Rule C7: whoever still believes in it commits nothing more. */
    final void close() {
        closed = true;
    }

    /** The compare-and-set that everything rests on. */
    final boolean move(long fromEpoch, long from, long toEpoch, long to) {
        long next = Cell.pack(toEpoch, to);
        if (closed || !mayMove(word, Cell.pack(fromEpoch, from), next)) {
            return false;
        }
        word = next;
        return true;
    }

    /** Whether the cell holds what the caller believes; a mutant that does not look overrides this. */
    boolean mayMove(long found, long expected, long next) {
        return found == expected;
    }
}
