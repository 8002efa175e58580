@NullMarked
package dev.covey.mesh;

import org.jspecify.annotations.NullMarked;
