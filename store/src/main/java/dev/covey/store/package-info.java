@NullMarked
package dev.covey.store;

import org.jspecify.annotations.NullMarked;
