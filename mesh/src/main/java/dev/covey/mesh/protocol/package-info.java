/**
 * What members say to each other, one record per message, and the one word of shared memory they agree on. Pure: no
 * file, no socket, no clock, no thread.
 */
@NullMarked
package dev.covey.mesh.protocol;

import org.jspecify.annotations.NullMarked;
