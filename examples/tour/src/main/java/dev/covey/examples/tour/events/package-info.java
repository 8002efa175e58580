/** Events between the members of a mesh, as a program that anybody can start several times. */
@NullMarked
package dev.covey.examples.tour.events;

import org.jspecify.annotations.NullMarked;
