package dev.covey.rpc;

/** Why a call failed, as a word that never changes its meaning. */
public enum RpcCode {
    /** The member that was to answer is gone; the call may or may not have run there. */
    PEER_LOST,
    /** The deadline passed; the call may or may not have run. */
    DEADLINE_EXCEEDED,
    /** The call was cancelled. */
    CANCELLED,
    /** Too much is under way, here or there; nothing ran. */
    OVERLOADED,
    /** No living member serves that name. */
    NO_SUCH_SERVICE,
    /** The arguments do not fit what the service expects; nothing ran. */
    BAD_ARGUMENTS,
    /** The result does not fit what the caller expects. */
    BAD_RESULT,
    /** What is sent is longer, or goes deeper, than is allowed. */
    LIMIT_EXCEEDED,
    /** The service ran and failed. */
    REMOTE_FAILURE,
    /** The name is taken, or is no name; or the interface cannot be served. */
    BAD_SERVICE,
    /** The mesh, or this layer on it, is closed. */
    CLOSED
}
