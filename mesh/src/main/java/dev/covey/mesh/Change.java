package dev.covey.mesh;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;

/**
 * What an observer is told.
 *
 * @param object the object's id
 * @param path the place that changed; the observed one, or with asterisks in it the one that matched
 * @param before what was there, a missing node if nothing; frozen
 * @param after what is there now, a missing node if nothing; frozen
 * @param revision number of the object's revision that brought it, the last one if there were several
 * @param by who asked for the change, the last one if there were several
 * @param time of the record
 * @param cause how this member came to know
 * @param skipped how many revisions of the object between before and after are not told one by one, whether or not they
 *     changed this place; 0 for the cause PATCH
 */
public record Change(
        String object,
        String path,
        JsonNode before,
        JsonNode after,
        long revision,
        Member by,
        Instant time,
        Cause cause,
        long skipped) {

    /** How a member comes to know of a change. */
    public enum Cause {
        /** One patch, one revision. */
        PATCH,
        /**
         * A state as a whole instead of the revisions that led to it: the observer begins with it, did not keep up or takes
         * only the latest, or this member was behind and took a snapshot.
         */
        SNAPSHOT,
        /**
         * A state from files: it was read when the mesh started, or this member found that its copy was not what the others
         * have, and read it again. What was told of the revisions before may have been wrong.
         */
        RESTORE
    }
}
