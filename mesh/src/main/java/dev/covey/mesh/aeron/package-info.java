/**
 * The commands' way from the members to the host: Aeron IPC through an embedded driver per epoch. The only package that
 * imports Aeron. Everything here belongs to one thread, and nothing of Aeron leaves it: what Aeron throws, logs or calls
 * back becomes {@code isLost()} and a reason.
 */
@NullMarked
package dev.covey.mesh.aeron;

import org.jspecify.annotations.NullMarked;
