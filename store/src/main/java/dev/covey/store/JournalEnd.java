package dev.covey.store;

/**
 * What {@link Journal#recover} found.
 *
 * @param epoch the highest epoch that was ever used; 0 for an empty journal. The next one must be above it
 * @param firstPosition the lowest position that can be read; 0 if there is none
 * @param position the last valid position; 0 for an empty journal
 * @param lostRecords valid records that lie beyond a gap and were cut off; above 0 only at {@code OS} after another boot
 * @param cut one sentence on what was cut off, empty if nothing was
 */
public record JournalEnd(long epoch, long firstPosition, long position, long lostRecords, String cut) {}
