package dev.covey.mesh;

/**
 * Who comes, who goes, who is host. Called in the order of the journal, one call at a time, on a thread of the mesh that
 * is made for user code.
 *
 * <p>A member that was so far behind that it took a snapshot is told what is different there: it may hear only of the last of
 * several hosts, and nothing of members that came and went meanwhile.
 */
public interface MeshListener {
    default void joined(Member member) {}

    /**
     * A membership ended.
     *
     * @param died true if the process died or was declared dead, false if it closed its mesh
     */
    default void left(Member member, boolean died) {}

    default void hostChanged(HostChange change) {}

    /** This member stands otherwise with its mesh than before. */
    default void statusChanged(MeshStatus now) {}
}
