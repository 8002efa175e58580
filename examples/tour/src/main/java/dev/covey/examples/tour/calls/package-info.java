/** Calls between members: by name, and through an interface. */
@NullMarked
package dev.covey.examples.tour.calls;

import org.jspecify.annotations.NullMarked;
