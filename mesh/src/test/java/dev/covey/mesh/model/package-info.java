/**
 * Small models of what processes do to the files they share, of which every state is looked at: what the simulation of the
 * core cannot reach, as it happens before there is a core, or between two meshes.
 */
@NullMarked
package dev.covey.mesh.model;

import org.jspecify.annotations.NullMarked;
