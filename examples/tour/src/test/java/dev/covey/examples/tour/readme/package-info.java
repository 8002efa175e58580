@NullMarked
package dev.covey.examples.tour.readme;

import org.jspecify.annotations.NullMarked;
