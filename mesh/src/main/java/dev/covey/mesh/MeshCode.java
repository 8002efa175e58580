package dev.covey.mesh;

/**
 * What went wrong, as a word that never changes its meaning. Messages may be reworded; programs compare codes.
 */
public enum MeshCode {
    /** An overlapping path was overwritten by somebody with a newer creation time. */
    STALE,
    /** The object is no longer at the revision or the value the patch was made for. */
    CONFLICT,
    /** A {@code test} operation of a JSON Patch did not hold. */
    TEST_FAILED,
    /** The patch does not fit the value it meets. */
    INVALID_PATCH,
    /** A size, a count or a queue is at its named limit. */
    LIMIT_EXCEEDED,
    /** Every writer permit of the object or of the mesh is taken. */
    MAX_WRITERS,
    /** The object takes patches from holders of a permit only. */
    NOT_A_WRITER,
    /** The deadline passed before an answer came: the patch may or may not have happened. */
    UNKNOWN_OUTCOME,
    /** There is no room left for what would be written. */
    STORE_FULL,
    /** The journal or the store could not be read or written; the mesh is read-only. */
    STORE_FAILED,
    /** The store directory belongs to another living mesh. */
    STORE_IN_USE,
    /** The journal or store and the mesh in shared memory are not of one life, or not of one time. */
    STORE_MISMATCH,
    /** A member lives, so its mesh cannot be removed. */
    MESH_IN_USE,
    /** A directory or file is a symbolic link, somebody else's, or open to others. */
    INSECURE_DIRECTORY,
    /** A name holds characters that are not allowed, or is too long. */
    BAD_NAME,
    /** The mesh was started with other options. */
    OPTIONS_MISMATCH,
    /** The mesh speaks another version of the protocol. */
    VERSION_MISMATCH,
    /** The connection to the mesh broke and could not be made again. */
    TRANSPORT_LOST,
    /** The mesh, or the thing asked of it, is closed. */
    CLOSED,
    /** This operating system is not supported. */
    UNSUPPORTED_PLATFORM,
    /** The JVM does not give the access that shared memory needs. */
    JVM_ACCESS,
    /** A file holds bytes that nobody wrote there. */
    CORRUPT,
    /** Something did not happen within the time given for it. */
    TIMED_OUT,
    /** More is under way to a member, or waits in it, than may be; wait and send again. */
    OVERLOADED,
    /** The member is gone, or never was. */
    PEER_LOST,
    /** A function for a read-modify-write gave two results for one value. */
    NOT_REPEATABLE,
    /** What was asked for is kept in a store, and the mesh has none. */
    NO_STORE
}
