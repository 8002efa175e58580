package dev.covey.mesh.aeron;

/** What a member may take of the memory that is free. */
public interface MemoryShare {
    /** What must be free after a new way was made: channels shall not keep a successor from becoming host. */
    long reserveBytes();

    /** What the journal may come to, which is no channel's even while it is small. */
    long journalBytes();

    /** Among how many the rest is shared; each may have one way even of what is reserved. */
    int members();
}
