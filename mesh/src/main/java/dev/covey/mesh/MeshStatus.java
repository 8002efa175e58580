package dev.covey.mesh;

/** How this member stands with its mesh. */
public enum MeshStatus {
    /** There is a host, and this member reaches it. */
    CONNECTED,
    /** There is no host, or none that this member reaches, or this member is joining again: what is asked for now waits. */
    ELECTING,
    /** Reading goes on; patches are refused since the journal has no room (until there is some) or has failed. */
    READ_ONLY,
    /** This member has left, or has stopped. */
    CLOSED
}
