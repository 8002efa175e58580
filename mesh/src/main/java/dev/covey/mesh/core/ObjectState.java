package dev.covey.mesh.core;

import com.fasterxml.jackson.databind.JsonNode;
import dev.covey.mesh.protocol.Fact.Patched;
import dev.covey.mesh.protocol.LogRecord;
import dev.covey.patch.FrozenTree;
import dev.covey.patch.Overwrites;
import dev.covey.patch.Stamp;

/**
 * One shared object in the replicated state.
 *
 * @param id its name
 * @param revision number of the newest revision; 0 before the first
 * @param value frozen; {@code {}} when there is none
 * @param overwrites when which path was last overwritten
 * @param position of the record that made this revision
 * @param timeMicros of that record
 * @param author number of the member who asked for it
 * @param deleted whether it was deleted by this revision
 */
public record ObjectState(
        String id,
        long revision,
        JsonNode value,
        Overwrites overwrites,
        long position,
        long timeMicros,
        long author,
        boolean deleted) {

    /** An object nobody has written yet. */
    static ObjectState absent(String id) {
        return new ObjectState(id, 0, FrozenTree.EMPTY_OBJECT, Overwrites.NONE, 0, 0, 0, false);
    }

    /** Whether there is such an object: written, and not deleted since. */
    public boolean exists() {
        return revision > 0 && !deleted;
    }

    ObjectState next(Patched patched, JsonNode after, LogRecord record) {
        Stamp stamp = new Stamp(patched.stampMicros(), record.member());
        return new ObjectState(
                id,
                patched.revision(),
                after,
                overwrites.with(stamp, patched.operations()),
                record.position(),
                record.timeMicros(),
                record.member(),
                patched.deletes());
    }
}
