/**
 * Journal and revision files on disk, safe for many processes at once. Knows nothing of the mesh.
 *
 * <p>{@link dev.covey.store.Journal} is the one ordered log of a mesh, {@link dev.covey.store.Snapshots} keeps it short.
 */
@NullMarked
package dev.covey.store;

import org.jspecify.annotations.NullMarked;
