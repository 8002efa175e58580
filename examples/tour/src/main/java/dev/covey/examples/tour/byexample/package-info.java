/** One small program for each ability, also shown in the README. */
@NullMarked
package dev.covey.examples.tour.byexample;

import org.jspecify.annotations.NullMarked;
