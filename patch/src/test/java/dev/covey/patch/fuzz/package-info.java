/** Entry points for a fuzzer, one class each, as Jazzer wants them: {@code patch/fuzz} runs them for long, a test for short. */
@NullMarked
package dev.covey.patch.fuzz;

import org.jspecify.annotations.NullMarked;
