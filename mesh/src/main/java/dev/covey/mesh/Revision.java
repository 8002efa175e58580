package dev.covey.mesh;

import dev.covey.store.Durability;
import java.time.Instant;

/**
 * One accepted state of one object.
 *
 * @param object the object's id
 * @param number 1, 2, 3 … of this object
 * @param position of the record in the journal of the mesh
 * @param epoch that decided it
 * @param time of the record: never before that of an earlier record
 * @param changed false if the patch changed nothing; the revision is the one the object had
 * @param durability what it survives: see {@link Durability}
 */
public record Revision(
        String object, long number, long position, long epoch, Instant time, boolean changed, Durability durability) {}
