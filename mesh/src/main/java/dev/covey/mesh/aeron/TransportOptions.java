package dev.covey.mesh.aeron;

/**
 * Sizes and times of the transport. All members of an epoch use the host's; only the host's driver reads them.
 *
 * @param termLength of each of the three buffers a member's publication has, in bytes; a power of two from 64 KiB
 * @param members how many the storage check before launch makes room for
 * @param livenessMillis after how long without a sign the driver frees what a member had. Deaths are noticed elsewhere and
 *     sooner; this only frees memory. So it is long: a member that stood still for less (garbage collection, a debugger,
 *     a short SIGSTOP) carries on as if nothing had been. At least 1,000
 */
public record TransportOptions(int termLength, int members, long livenessMillis) {
    /** 128 KiB terms, room for 16 members, 5 s. */
    public static final TransportOptions DEFAULT = new TransportOptions(128 * 1024, 16, 5_000);

    private static final int TERM_MIN = 64 * 1024;
    private static final int TERM_MAX = 64 * 1024 * 1024;
    private static final int LIVENESS_MIN_MILLIS = 1_000;

    public TransportOptions {
        if (termLength < TERM_MIN || termLength > TERM_MAX || Integer.bitCount(termLength) != 1) {
            throw new IllegalArgumentException(
                    "term length " + termLength + ": expected a power of two from " + TERM_MIN + " to " + TERM_MAX);
        }
        if (livenessMillis < LIVENESS_MIN_MILLIS) {
            throw new IllegalArgumentException(
                    "liveness " + livenessMillis + " ms: expected at least " + LIVENESS_MIN_MILLIS);
        }
    }

    public TransportOptions withTermLength(int bytes) {
        return new TransportOptions(bytes, members, livenessMillis);
    }

    public TransportOptions withMembers(int count) {
        return new TransportOptions(termLength, count, livenessMillis);
    }

    public TransportOptions withLivenessMillis(long millis) {
        return new TransportOptions(termLength, members, millis);
    }
}
