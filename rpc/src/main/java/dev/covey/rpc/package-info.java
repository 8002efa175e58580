@NullMarked
package dev.covey.rpc;

import org.jspecify.annotations.NullMarked;
