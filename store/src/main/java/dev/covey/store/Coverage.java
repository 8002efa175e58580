package dev.covey.store;

import java.util.Arrays;

/**
 * Which epoch tells the truth about a position: the highest one whose first position is not above it. A thawed host may
 * still write beyond its seal, and even roll to a new segment late; what it writes there is covered by a successor and
 * never counts.
 *
 * <p>Immutable and pure; an epoch whose first position is at or above that of a higher epoch covers nothing and is dropped,
 * so both columns ascend.
 */
public final class Coverage {
    /** Covers nothing. */
    public static final Coverage NONE = new Coverage(new long[0], new long[0]);

    private final long[] epochs;
    private final long[] firsts;

    private Coverage(long[] epochs, long[] firsts) {
        this.epochs = epochs;
        this.firsts = firsts;
    }

    /** This coverage and one more epoch; epochs may be added in any order. */
    public Coverage with(long epoch, long firstPosition) {
        int below = 0;
        while (below < epochs.length && epochs[below] < epoch && firsts[below] < firstPosition) {
            below++;
        }
        int above = below;
        while (above < epochs.length && epochs[above] <= epoch) {
            above++;
        }
        if (above < epochs.length && firsts[above] <= firstPosition) {
            return this;
        }
        int tail = epochs.length - above;
        return new Coverage(
                spliced(epochs, below, epoch, above, tail), spliced(firsts, below, firstPosition, above, tail));
    }

    private static long[] spliced(long[] from, int below, long value, int above, int tail) {
        long[] result = Arrays.copyOf(from, below + 1 + tail);
        result[below] = value;
        System.arraycopy(from, above, result, below + 1, tail);
        return result;
    }

    /** The epoch whose record at this position is the true one; 0 if none is known. */
    public long epochFor(long position) {
        int at = floor(firsts, position);
        return at < 0 ? 0 : epochs[at];
    }

    /** The last position this epoch may speak for: the one before a higher epoch begins, else {@link Long#MAX_VALUE}. */
    public long lastCoveredBy(long epoch) {
        int next = floor(epochs, epoch) + 1;
        return next < firsts.length ? firsts[next] - 1 : Long.MAX_VALUE;
    }

    /** The highest epoch that covers anything; 0 if none. */
    public long highestEpoch() {
        return epochs.length == 0 ? 0 : epochs[epochs.length - 1];
    }

    private static int floor(long[] ascending, long value) {
        int found = Arrays.binarySearch(ascending, value);
        return found >= 0 ? found : -found - 2;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("Coverage");
        for (int i = 0; i < epochs.length; i++) {
            text.append(" epoch ").append(epochs[i]).append(" from ").append(firsts[i]);
        }
        return text.toString();
    }
}
