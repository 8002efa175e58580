@NullMarked
package dev.covey.patch.jsonpatch;

import org.jspecify.annotations.NullMarked;
