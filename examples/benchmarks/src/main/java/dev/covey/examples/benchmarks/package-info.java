@NullMarked
package dev.covey.examples.benchmarks;

import org.jspecify.annotations.NullMarked;
