/** Other JVMs as a program sees them: started, spoken to by lines, killed for certain, and nothing left behind. */
@NullMarked
package dev.covey.examples.tour.process;

import org.jspecify.annotations.NullMarked;
