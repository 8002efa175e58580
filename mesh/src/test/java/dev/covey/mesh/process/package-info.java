/** Meshes of real processes that are really killed. */
@NullMarked
package dev.covey.mesh.process;

import org.jspecify.annotations.NullMarked;
