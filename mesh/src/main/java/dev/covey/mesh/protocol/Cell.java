package dev.covey.mesh.protocol;

/**
 * The commit cell's value: the epoch and the last committed position in one 64-bit word, so that one compare-and-set
 * says both "still in office" and "committed up to here".
 *
 * <pre>
 *   63          44 43                                          0
 *  +--------------+---------------------------------------------+
 *  | epoch, low 20|  position of the last committed record, 44  |
 *  +--------------+---------------------------------------------+
 * </pre>
 *
 * The full epoch is 64 bits wide and stands in segment headers and messages; {@link #widen} finds it again for whoever
 * follows regularly. All ones is {@link #CLOSED}: that position is above {@link #LIMIT}, so no commit ever makes it.
 */
public final class Cell {
    /** The mesh is over: nobody moves the cell again, and its directory is about to go. */
    public static final long CLOSED = -1L;

    private static final int POSITION_BITS = 44;
    private static final int EPOCH_BITS = 20;
    private static final long POSITION_MASK = (1L << POSITION_BITS) - 1;
    private static final long EPOCH_MASK = (1L << EPOCH_BITS) - 1;

    /**
     * The last position there is. At 100,000 records a second it is reached after five years; a mesh that gets there is
     * read-only. One below what fits, so that a cell at its limit can never look like {@link #CLOSED}.
     */
    public static final long LIMIT = POSITION_MASK - 1;

    private Cell() {}

    /**
     * The word for an epoch and a position. Only the low 20 bits of the epoch go in.
     *
     * @throws IllegalArgumentException for a position below 0 or above {@link #LIMIT}: it would carry into the epoch
     */
    public static long pack(long epoch, long position) {
        if (position < 0 || position > LIMIT) {
            throw new IllegalArgumentException("position " + position + " is not within 0.." + LIMIT);
        }
        return (epoch & EPOCH_MASK) << POSITION_BITS | position;
    }

    /** The low 20 bits of the epoch. */
    public static long epochLow(long cell) {
        return cell >>> POSITION_BITS;
    }

    /** The position of the last committed record. */
    public static long position(long cell) {
        return cell & POSITION_MASK;
    }

    /** Whether the cell is of that full epoch, as far as 20 bits can say. */
    public static boolean isOfEpoch(long cell, long epoch) {
        return cell != CLOSED && epochLow(cell) == (epoch & EPOCH_MASK);
    }

    /**
     * The full epoch nearest to {@code knownEpoch} that ends in the cell's 20 bits. Nearest, not next: the known epoch may
     * have been read after the cell was. Right as long as the two are less than half a million epochs apart.
     */
    public static long widen(long knownEpoch, long epochLow) {
        long ahead = (epochLow - knownEpoch) << POSITION_BITS >> POSITION_BITS;
        long epoch = knownEpoch + ahead;
        return epoch >= 0 ? epoch : epoch + EPOCH_MASK + 1;
    }

    /** The cell in words, for logs and errors. */
    public static String describe(long cell) {
        return cell == CLOSED ? "closed" : "epoch …" + epochLow(cell) + ", position " + position(cell);
    }
}
