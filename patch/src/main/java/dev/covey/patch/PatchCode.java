package dev.covey.patch;

/** Why a patch was refused; stable, so programs may decide on it. */
public enum PatchCode {
    /** The patch is malformed, or does not fit the value it was resolved against. */
    INVALID_PATCH,
    /** A JSON Patch {@code test} found another value. */
    TEST_FAILED,
    /** A size, depth, length or count of {@link Limits} would have been exceeded. */
    LIMIT_EXCEEDED
}
