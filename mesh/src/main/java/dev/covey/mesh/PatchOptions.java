package dev.covey.mesh;

import dev.covey.mesh.protocol.Command;

/**
 * Conditions of one patch.
 *
 * @param ifRevision the revision the object must have, else CONFLICT; {@link #ANY} for no condition
 * @param restamped how many times a STALE patch is stamped anew and sent again before the caller is told
 */
public record PatchOptions(long ifRevision, int restamped) {
    /** No condition on the revision. */
    public static final long ANY = Command.ANY_REVISION;

    /** No condition; told at once when stale. */
    public static final PatchOptions DEFAULT = new PatchOptions(ANY, 0);

    public PatchOptions withIfRevision(long revision) {
        return new PatchOptions(revision, restamped);
    }

    public PatchOptions withRestamped(int times) {
        return new PatchOptions(ifRevision, times);
    }
}
