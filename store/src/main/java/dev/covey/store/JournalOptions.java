package dev.covey.store;

/**
 * How a journal is kept.
 *
 * @param durability what {@link JournalWriter#force} promises
 * @param segmentBytes size of a preallocated segment file; a record that is longer gets a longer segment of its own
 * @param spares whether the next segment is prepared by a background thread before it is needed
 */
public record JournalOptions(Durability durability, int segmentBytes, boolean spares) {
    /** The longest payload of one record. */
    public static final int MAX_PAYLOAD_BYTES = 8 << 20;

    /** The longest note in a segment header. */
    public static final int MAX_NOTE_BYTES = 4096;

    /** The smallest segment: its header block and a few records. */
    public static final int MIN_SEGMENT_BYTES = 16 << 10;

    /** The largest segment: a mapping is addressed by an int. */
    public static final int MAX_SEGMENT_BYTES = 1 << 30;

    /** 16 MiB segments at {@link Durability#OS}, spares on. */
    public static final JournalOptions DEFAULT = new JournalOptions(Durability.OS, 16 << 20, true);

    public JournalOptions {
        if (segmentBytes < MIN_SEGMENT_BYTES || segmentBytes > MAX_SEGMENT_BYTES) {
            throw new StoreException(
                    StoreCode.LIMIT_EXCEEDED,
                    "journal options: segmentBytes is " + segmentBytes + ", it must be " + MIN_SEGMENT_BYTES + " to "
                            + MAX_SEGMENT_BYTES);
        }
    }

    public JournalOptions withDurability(Durability durability) {
        return new JournalOptions(durability, segmentBytes, spares);
    }

    public JournalOptions withSegmentBytes(int segmentBytes) {
        return new JournalOptions(durability, segmentBytes, spares);
    }

    public JournalOptions withSpares(boolean spares) {
        return new JournalOptions(durability, segmentBytes, spares);
    }

    boolean forces() {
        return durability == Durability.FSYNC;
    }
}
