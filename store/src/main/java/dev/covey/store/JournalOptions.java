package dev.covey.store;

import java.nio.file.Path;

/**
 * How a journal is kept.
 *
 * @param durability what {@link JournalWriter#force} promises
 * @param segmentBytes size of a preallocated segment file; a record that is longer gets a longer segment of its own
 * @param spares whether the next segment is prepared by a background thread before it is needed
 * @param life of the mesh that writes and reads; with {@link JournalLife#UNTOLD} nothing is compared
 * @param birthEpoch the epoch that life was born with: whatever is of a higher one must be of that life (rule J6)
 */
public record JournalOptions(
        Durability durability, int segmentBytes, boolean spares, JournalLife life, long birthEpoch) {
    /** The longest payload of one record. */
    public static final int MAX_PAYLOAD_BYTES = 8 << 20;

    /** The longest note in a segment header. */
    public static final int MAX_NOTE_BYTES = 4096;

    /** The smallest segment: its header block and a few records. */
    public static final int MIN_SEGMENT_BYTES = 16 << 10;

    /** The largest segment: a mapping is addressed by an int. */
    public static final int MAX_SEGMENT_BYTES = 1 << 30;

    /** 16 MiB segments at {@link Durability#OS}, spares on. */
    public static final JournalOptions DEFAULT =
            new JournalOptions(Durability.OS, 16 << 20, true, JournalLife.UNTOLD, Long.MAX_VALUE);

    public JournalOptions {
        if (segmentBytes < MIN_SEGMENT_BYTES || segmentBytes > MAX_SEGMENT_BYTES) {
            throw new StoreException(
                    StoreCode.LIMIT_EXCEEDED,
                    "journal options: segmentBytes is " + segmentBytes + ", it must be " + MIN_SEGMENT_BYTES + " to "
                            + MAX_SEGMENT_BYTES);
        }
    }

    public JournalOptions withDurability(Durability durability) {
        return new JournalOptions(durability, segmentBytes, spares, life, birthEpoch);
    }

    public JournalOptions withSegmentBytes(int segmentBytes) {
        return new JournalOptions(durability, segmentBytes, spares, life, birthEpoch);
    }

    public JournalOptions withSpares(boolean spares) {
        return new JournalOptions(durability, segmentBytes, spares, life, birthEpoch);
    }

    /** Writes as that life, which is about to be born: whatever is there is of lives before it. */
    public JournalOptions withLife(JournalLife life) {
        return withLife(life, Long.MAX_VALUE);
    }

    /** Writes and reads as that life, which was born with that epoch. */
    public JournalOptions withLife(JournalLife life, long birthEpoch) {
        return new JournalOptions(durability, segmentBytes, spares, life, birthEpoch);
    }

    /** Whether that belongs to another life, which cannot be below the birth of this one. */
    boolean isStrange(JournalLife found, long epoch) {
        return epoch > birthEpoch && !found.equals(life) && !life.equals(JournalLife.UNTOLD);
    }

    /** Rule J6: refuses what another life wrote above the birth of this one. */
    void requireOwn(Path file, JournalLife found, long epoch) {
        if (isStrange(found, epoch)) {
            throw new StoreException(
                    StoreCode.STORE_MISMATCH,
                    file + ": a mesh of life " + found + " wrote this; expected was life " + life
                            + ", to which every epoch"
                            + " above " + birthEpoch
                            + " of this journal belongs. Two meshes have used one store: nothing"
                            + " more is committed here; end the members of one of them, then join again");
        }
    }

    boolean forces() {
        return durability == Durability.FSYNC;
    }
}
