package dev.covey.mesh;

import java.time.Duration;

/**
 * How often and how long a read-modify-write is tried.
 *
 * @param attempts how many times the function runs at most, 1 or more; beyond, CONFLICT
 * @param timeout after which no further attempt begins; an attempt that is unanswered then ends in UNKNOWN_OUTCOME
 * @param checked whether each attempt runs the function twice on two copies, to find one that does not depend on the value
 *     alone: NOT_REPEATABLE then. For tests and for debugging
 */
public record EditOptions(int attempts, Duration timeout, boolean checked) {
    /** 1,000 attempts within 30 s, not checked. */
    public static final EditOptions DEFAULT = new EditOptions(1_000, Duration.ofSeconds(30), false);

    /** Checks the bounds. */
    public EditOptions {
        if (attempts < 1) {
            throw new MeshException(MeshCode.LIMIT_EXCEEDED, attempts + " attempts; at least 1 is needed");
        }
        PatchOptions.requirePositive(timeout);
    }

    public EditOptions withAttempts(int attempts) {
        return new EditOptions(attempts, timeout, checked);
    }

    public EditOptions withTimeout(Duration timeout) {
        return new EditOptions(attempts, timeout, checked);
    }

    public EditOptions withChecked(boolean checked) {
        return new EditOptions(attempts, timeout, checked);
    }
}
