package dev.covey.mesh.core;

import dev.covey.patch.Limits;

/**
 * What the core must know of the mesh's options.
 *
 * @param limits of patches and values
 * @param recordsPerHash after how many records the host has all members compare their state
 * @param maxWriters how many members with the role writer there can be, who alone may write then; 0 for no limit
 */
public record CoreOptions(Limits limits, long recordsPerHash, int maxWriters) {
    /** What a mesh uses unless told otherwise. */
    public static final CoreOptions DEFAULT = new CoreOptions(Limits.DEFAULT, 16_384, 0);

    /** Without a limit on writers. */
    public CoreOptions(Limits limits, long recordsPerHash) {
        this(limits, recordsPerHash, 0);
    }
}
