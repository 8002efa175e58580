package dev.covey.mesh;

/** Who hears what comes over a {@link Channel}: one call at a time, unless its executor says otherwise. */
public interface ChannelListener {
    /**
     * A message. Those of one sender come in the order they were sent, each exactly once. This member has applied by now
     * whatever the sender had applied when it sent.
     *
     * @param from number of the sender
     * @param message the listener's to keep
     */
    void received(long from, byte[] message);

    /**
     * A member is gone, and what it had sent was told before. Also told for everybody when this member was declared dead
     * while it lived and is a new one now: what was under way may be lost.
     */
    default void lost(long member) {}

    /** The mesh ended in this process; nothing comes any more. */
    default void ended(MeshException why) {}
}
