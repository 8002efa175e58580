/** A bridge to the json-patch library, for those who have it on their class path; nothing else of Covey needs it. */
@NullMarked
package dev.covey.patch.jsonpatch;

import org.jspecify.annotations.NullMarked;
