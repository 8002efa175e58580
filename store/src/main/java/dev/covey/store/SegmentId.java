package dev.covey.store;

/** Which segment: the epoch, and its number within that epoch, from 0. */
record SegmentId(long epoch, int index) implements Comparable<SegmentId> {
    SegmentId next() {
        return new SegmentId(epoch, index + 1);
    }

    @Override
    public int compareTo(SegmentId other) {
        int byEpoch = Long.compare(epoch, other.epoch);
        return byEpoch != 0 ? byEpoch : Integer.compare(index, other.index);
    }
}
