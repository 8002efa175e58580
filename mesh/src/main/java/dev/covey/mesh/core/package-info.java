/** The deterministic machine: inputs are method calls, outputs are calls on {@link dev.covey.mesh.core.Effects}. No file, socket, clock, thread, lock or logger. */
@NullMarked
package dev.covey.mesh.core;

import org.jspecify.annotations.NullMarked;
