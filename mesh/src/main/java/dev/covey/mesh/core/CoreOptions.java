package dev.covey.mesh.core;

import dev.covey.patch.Limits;

/**
 * What the core must know of the mesh's options.
 *
 * @param limits of patches and values
 * @param recordsPerHash after how many records the host has all members compare their state
 */
public record CoreOptions(Limits limits, long recordsPerHash) {
    /** What a mesh uses unless told otherwise. */
    public static final CoreOptions DEFAULT = new CoreOptions(Limits.DEFAULT, 16_384);
}
