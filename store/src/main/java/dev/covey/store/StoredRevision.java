package dev.covey.store;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One accepted state of one object, as the store keeps it.
 *
 * @param number 1 for the first
 * @param rev the {@code _rev}: the number and 32 hex digits
 * @param author who asked for the change
 * @param timeMicros microseconds since 1970 when it was accepted; never decreases within an object of a mesh
 * @param epoch the epoch that accepted it; 0 if no mesh did
 * @param position its place in the journal; 0 if no mesh accepted it
 * @param change the change as an RFC 6902 patch of the state before; null if the whole state was written instead
 * @param deleted whether the object was deleted by this revision
 * @param closes the {@code _rev}s of the conflicts that this revision resolves
 */
public record StoredRevision(
        long number,
        String rev,
        String author,
        long timeMicros,
        long epoch,
        long position,
        @Nullable JsonNode change,
        boolean deleted,
        List<String> closes) {
    public StoredRevision {
        closes = List.copyOf(closes);
    }

    /** This revision, which closes these conflicts as well. */
    StoredRevision closing(List<String> more) {
        List<String> all = new ArrayList<>(closes);
        all.addAll(more);
        return new StoredRevision(number, rev, author, timeMicros, epoch, position, change, deleted, all);
    }
}
