package dev.covey.mesh;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;

/**
 * What an observer is told.
 *
 * @param object the object's id
 * @param path that is observed
 * @param before what was there, a missing node if nothing; frozen
 * @param after what is there now, a missing node if nothing; frozen
 * @param revision number of the object's revision that brought it
 * @param by who asked for the change
 * @param time of the record
 * @param cause how this member came to know
 */
public record Change(
        String object,
        String path,
        JsonNode before,
        JsonNode after,
        long revision,
        Member by,
        Instant time,
        Cause cause) {

    /** How a member comes to know of a change. */
    public enum Cause {
        /** One patch, one revision. */
        PATCH,
        /** Several revisions at once: this member was behind and took a snapshot, or the observer did not keep up. */
        SNAPSHOT
    }
}
