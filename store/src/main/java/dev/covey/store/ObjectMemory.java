package dev.covey.store;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * The committed state of a mesh, in the memory of its host: what an object is gone on with whose revision files do not lead
 * to it. It is never behind the records that were handed to the {@link Checkpointer}. Checkpointer's thread.
 */
public interface ObjectMemory {
    /** The object at its newest committed revision; null if there was none. */
    @Nullable
    Remembered object(String id);

    /**
     * Whether the mesh has had no other host since: what was in the store before this is asked is then of none that knows more.
     * A host that was frozen is not asked for by anybody any more.
     */
    default boolean isNewest() {
        return true;
    }

    /** The ids of all objects that have a revision, deleted ones too. */
    Iterable<String> ids();

    /**
     * One object at its newest committed revision.
     *
     * @param value its frozen state, {@code {}} if it was deleted
     * @param author who asked for the revision, if that is still known
     * @param timeMicros of the revision's record
     * @param epoch of the state, not below the record's
     * @param position of the record
     */
    record Remembered(
            long revision,
            JsonNode value,
            String author,
            long timeMicros,
            long epoch,
            long position,
            boolean deleted) {}
}
