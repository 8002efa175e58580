@NullMarked
package dev.covey.examples.tour.byexample;

import org.jspecify.annotations.NullMarked;
