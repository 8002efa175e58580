/**
 * What the members of one machine share without speaking: the mesh directory, the control file with the commit cell,
 * the locks that say who lives, and the claims that say who wants to decide or to own a store. Used by the agent only.
 */
@NullMarked
package dev.covey.mesh.local;

import org.jspecify.annotations.NullMarked;
