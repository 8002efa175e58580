package dev.covey.mesh.core;

import com.fasterxml.jackson.databind.JsonNode;
import dev.covey.patch.FrozenTree;
import dev.covey.patch.Operations;
import dev.covey.patch.Overwrites;
import dev.covey.patch.Stamp;

/**
 * One shared object in the replicated state.
 *
 * @param id its name
 * @param revision number of the newest revision; 0 before the first
 * @param value frozen
 * @param overwrites when which path was last overwritten
 * @param position of the record that made this revision
 * @param timeMicros of that record
 * @param author number of the member who asked for it
 */
public record ObjectState(
        String id, long revision, JsonNode value, Overwrites overwrites, long position, long timeMicros, long author) {

    /** An object nobody has written yet. */
    static ObjectState absent(String id) {
        return new ObjectState(id, 0, FrozenTree.EMPTY_OBJECT, Overwrites.NONE, 0, 0, 0);
    }

    ObjectState next(long revision, JsonNode after, Operations operations, Stamp stamp, long position, long time) {
        return new ObjectState(id, revision, after, overwrites.with(stamp, operations), position, time, stamp.member());
    }
}
