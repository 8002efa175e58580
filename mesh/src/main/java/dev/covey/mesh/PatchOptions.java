package dev.covey.mesh;

import dev.covey.mesh.protocol.Command;
import java.time.Duration;

/**
 * Conditions of one patch.
 *
 * @param ifRevision the revision the object must have, else CONFLICT; {@link #ANY} for no condition
 * @param restamped how many times a STALE patch is stamped anew and sent again before the caller is told
 * @param timeout how long to wait for the answer. A patch that was not sent by then is withdrawn, and its future ends in
 *     TIMED_OUT: it has not happened and never will. One that was sent ends in UNKNOWN_OUTCOME, and
 *     {@link MeshException#outcome} has the id by which {@link Mesh#outcome} tells later what became of it
 */
public record PatchOptions(long ifRevision, int restamped, Duration timeout) {
    /** No condition on the revision. */
    public static final long ANY = Command.ANY_REVISION;

    /** No condition; told at once when stale; 30 s for the answer. */
    public static final PatchOptions DEFAULT = new PatchOptions(ANY, 0, Duration.ofSeconds(30));

    /** Longer is for ever. */
    private static final int LONGEST_DAYS = 365;

    /** Checks the time. */
    public PatchOptions {
        requirePositive(timeout);
    }

    static void requirePositive(Duration timeout) {
        if (timeout.isZero() || timeout.isNegative()) {
            throw new MeshException(MeshCode.TIMED_OUT, "a timeout of " + timeout + "; it must be longer than nothing");
        }
    }

    long timeoutNanos() {
        return timeout.toDays() < LONGEST_DAYS
                ? timeout.toNanos()
                : Duration.ofDays(LONGEST_DAYS).toNanos();
    }

    public PatchOptions withIfRevision(long revision) {
        return new PatchOptions(revision, restamped, timeout);
    }

    /** Only if there is no such object: nobody wrote it, or it was deleted; else CONFLICT. Takes the place of a revision. */
    public PatchOptions withIfAbsent() {
        return new PatchOptions(Command.ABSENT, restamped, timeout);
    }

    public PatchOptions withRestamped(int times) {
        return new PatchOptions(ifRevision, times, timeout);
    }

    public PatchOptions withTimeout(Duration timeout) {
        return new PatchOptions(ifRevision, restamped, timeout);
    }
}
