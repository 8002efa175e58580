package dev.covey.store;

/** The whole replicated state at one committed position, opaque to the store. */
public final class SnapshotFile {
    private final SnapshotId id;
    private final JournalLife life;
    private final byte[] state;

    SnapshotFile(SnapshotId id, JournalLife life, byte[] state) {
        this.id = id;
        this.life = life;
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

    /** The life of the mesh that wrote it; {@link JournalLife#UNTOLD} in version 1. */
    public JournalLife life() {
        return life;
    }

    /** The state as it was written; not a copy. */
    public byte[] state() {
        return state;
    }
}
