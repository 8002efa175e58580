package dev.covey.store;

/** The whole replicated state at one committed position, opaque to the store. */
public final class SnapshotFile {
    private final SnapshotId id;
    private final byte[] state;

    SnapshotFile(SnapshotId id, byte[] state) {
        this.id = id;
        this.state = state;
    }

    /** Every record up to this one is in the state. */
    public long position() {
        return id.position();
    }

    /** The epoch of the host that wrote it. */
    public long epoch() {
        return id.epoch();
    }

    /** The state as it was written; not a copy. */
    public byte[] state() {
        return state;
    }
}
