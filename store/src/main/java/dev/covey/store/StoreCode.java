package dev.covey.store;

/** Why the store refused or failed. Stable: programs may branch on it. */
public enum StoreCode {
    /** Bytes on disk are not what was written; the message names file and offset. Never repaired silently. */
    CORRUPT,
    /** The asked-for part of the journal was removed after a snapshot; read the snapshot instead. */
    SEGMENT_GONE,
    /** Another process began this epoch, or a higher one, first. */
    EPOCH_TAKEN,
    /** The disk has no room. Nothing was written; try again when there is room. */
    STORE_FULL,
    /** The disk failed; what was being written must be taken as unknown. A failed force is final for its file. */
    STORE_FAILED,
    /** A mesh owns this store; readers are welcome, writers are not. */
    STORE_IN_USE,
    /** What is in the store is not of the mesh that reads it: another life wrote there, or it is another copy. */
    STORE_MISMATCH,
    /** The journal was removed, or put away, under those who use it. */
    JOURNAL_GONE,
    /** A directory is a symbolic link, is not ours, or others may write to it. */
    INSECURE_DIRECTORY,
    /** A named limit would be exceeded. */
    LIMIT_EXCEEDED,
    /** The object changed since the revision the caller named. */
    CONFLICT,
    /** There is no such object or revision. */
    NOT_FOUND,
    /** There is such an object already. */
    ALREADY_EXISTS,
    /** A name or id that cannot be stored. */
    BAD_NAME,
    /** What was handed in makes no sense here, for instance a position out of order. */
    INVALID_ARGUMENT,
    /** Used after it was closed. */
    CLOSED
}
