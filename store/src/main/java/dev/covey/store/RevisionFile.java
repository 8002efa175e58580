package dev.covey.store;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one revision file says: a run of revisions, and the state after the last of them if it was written too.
 *
 * @param previous the {@code _rev} before the run; empty if the object began with it
 */
record RevisionFile(
        String id,
        Rev rev,
        String previous,
        List<StoredRevision> run,
        @Nullable JsonNode value) {
    long from() {
        return run.get(0).number();
    }

    StoredRevision last() {
        return run.get(run.size() - 1);
    }

    boolean holds(long number) {
        return from() <= number && number <= last().number();
    }

    /** The revision with this number, which is in the run. */
    StoredRevision revision(long number) {
        return run.get((int) (number - from()));
    }

    /** Whether the state can be had from this file without the one before it. */
    boolean standsAlone() {
        return value != null || previous.isEmpty();
    }
}
