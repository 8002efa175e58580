@NullMarked
package dev.covey.examples.tour;

import org.jspecify.annotations.NullMarked;
