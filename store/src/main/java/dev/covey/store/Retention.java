package dev.covey.store;

import java.util.concurrent.TimeUnit;

/**
 * How much history is kept of each object: what any one of the limits lets go may go. The newest full state, and every
 * conflict that nobody resolved, stay whatever the limits say.
 *
 * @param revisions the newest so many
 * @param ageMillis what is not older than this
 * @param bytes the newest files up to so many bytes together
 */
public record Retention(long revisions, long ageMillis, long bytes) {
    /** All of it. */
    public static final Retention EVERYTHING = new Retention(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);

    public Retention {
        if (revisions < 1 || ageMillis < 0 || bytes < 0) {
            throw new StoreException(
                    StoreCode.LIMIT_EXCEEDED,
                    "retention: revisions " + revisions + ", ageMillis " + ageMillis + ", bytes " + bytes
                            + "; at least 1, 0 and 0 are needed");
        }
    }

    public Retention withRevisions(long revisions) {
        return new Retention(revisions, ageMillis, bytes);
    }

    public Retention withAgeMillis(long ageMillis) {
        return new Retention(revisions, ageMillis, bytes);
    }

    public Retention withBytes(long bytes) {
        return new Retention(revisions, ageMillis, bytes);
    }

    boolean wants(long revisionsBefore, long bytesBefore, long timeMicros, long nowMillis) {
        return revisionsBefore < revisions
                && bytesBefore < bytes
                && nowMillis - TimeUnit.MICROSECONDS.toMillis(timeMicros) <= ageMillis;
    }
}
