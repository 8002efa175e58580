package dev.covey.mesh.protocol;

/** Bytes that are no message of this version. Whoever reads from a peer drops the message; who reads the journal stops. */
public final class MalformedMessageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public MalformedMessageException(String what) {
        super(what);
    }
}
