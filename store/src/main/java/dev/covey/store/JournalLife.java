package dev.covey.store;

import java.nio.ByteBuffer;

/**
 * Which life of a mesh wrote a file of the journal (rule J6): 128 bits that no other life has. A mesh of the same name that
 * is born later is another life, and writes above what the one before left.
 */
public record JournalLife(long high, long low) {
    /** None is told: by files of version 1, and by who writes for no mesh. */
    public static final JournalLife UNTOLD = new JournalLife(0, 0);

    static final int BYTES = 16;

    static JournalLife read(ByteBuffer from, int at) {
        return new JournalLife(from.getLong(at), from.getLong(at + Long.BYTES));
    }

    void write(ByteBuffer to, int at) {
        to.putLong(at, high).putLong(at + Long.BYTES, low);
    }

    /** 32 hex digits. */
    @Override
    public String toString() {
        return equals(UNTOLD) ? "that is not told" : String.format("%016x%016x", high, low);
    }
}
