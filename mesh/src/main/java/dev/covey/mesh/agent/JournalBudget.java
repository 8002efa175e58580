package dev.covey.mesh.agent;

import dev.covey.store.Snapshots;
import java.util.concurrent.TimeUnit;

/**
 * When a host writes a snapshot, and how much of the journal may go behind it. Only decides: it is told what there is, and
 * what the time is. Recorder's thread.
 *
 * <p>Rule J4: a snapshot is published, and at durability FSYNC forced, before anything behind it goes. Of a snapshot that
 * was found nobody knows whether who wrote it lived to force it; so what goes, goes behind one written by this host itself.
 */
final class JournalBudget {
    /** A snapshot is due when the journal behind the last one is longer than this, and twice that snapshot. */
    static final long SNAPSHOT_BYTES = 16L << 20;

    /** A journal of empty segments is long too; a snapshot would not shorten it. */
    static final long MIN_RECORDS = 1_000;

    /** Snapshots that were asked for are written no more often than this. */
    static final long WANTED_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private long position;
    private long bytes;
    private long published;
    private long wantedAt;

    JournalBudget(long nowNanos) {
        wantedAt = nowNanos - WANTED_NANOS;
    }

    /** Another epoch, in which this host has written nothing yet. */
    void epochBegan() {
        published = 0;
    }

    /** There is a snapshot, whoever wrote it. */
    void found(long snapshotPosition, long snapshotBytes) {
        position = snapshotPosition;
        bytes = snapshotBytes;
    }

    /** This host has published one, forced where that is wanted. */
    void written(long snapshotPosition, long snapshotBytes) {
        found(snapshotPosition, snapshotBytes);
        published = snapshotPosition;
    }

    /** Whether the journal with its snapshots takes more than it should. */
    boolean isLong(long bytesOnDisk) {
        return bytesOnDisk - bytes > Math.max(SNAPSHOT_BYTES, 2 * bytes);
    }

    /**
     * Whether another snapshot would shorten a journal that is too long. Where it is long for the sake of revision files that
     * are behind the last one already, it would let nothing go.
     *
     * @param files position up to which there are revision files, or {@link Long#MAX_VALUE} if none are written
     */
    boolean isDue(long nowPosition, long files) {
        return nowPosition - position >= MIN_RECORDS && files >= published;
    }

    /**
     * Whether to write one for a member that is far behind and gets on soonest with it. It must not be larger than the
     * records whose place it takes.
     *
     * @param beyond the member is helped by a snapshot above this position
     */
    boolean isWanted(long beyond, long nowPosition, long nowNanos) {
        boolean wanted = beyond > position
                && beyond < nowPosition
                && bytes / Snapshots.RECORD_BYTES < nowPosition - position
                && nowNanos - wantedAt >= WANTED_NANOS;
        if (wanted) {
            wantedAt = nowNanos;
        }
        return wanted;
    }

    /** Nobody needs records below this position any more; {@code files} as for {@link #isDue}. */
    long neededFrom(long files) {
        return Math.min(published, files) + 1;
    }
}
