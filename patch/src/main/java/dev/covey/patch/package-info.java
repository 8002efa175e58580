@NullMarked
package dev.covey.patch;

import org.jspecify.annotations.NullMarked;
