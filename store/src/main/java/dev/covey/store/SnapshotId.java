package dev.covey.store;

/** Which snapshot: the committed position it shows, and the epoch that wrote it. Ordered by position first. */
record SnapshotId(long position, long epoch) implements Comparable<SnapshotId> {
    @Override
    public int compareTo(SnapshotId other) {
        int byPosition = Long.compare(position, other.position);
        return byPosition != 0 ? byPosition : Long.compare(epoch, other.epoch);
    }
}
