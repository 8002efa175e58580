/** The figures of the README: each is measured by a command that anybody can run again. */
@NullMarked
package dev.covey.examples.tour.measure;

import org.jspecify.annotations.NullMarked;
