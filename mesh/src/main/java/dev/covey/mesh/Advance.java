package dev.covey.mesh;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.covey.mesh.Change.Cause;
import dev.covey.mesh.core.ObjectState;
import dev.covey.patch.ChangeSet;
import dev.covey.patch.Operations;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One step that an object made, as it is handed to all its observers: usually one revision. Immutable. */
final class Advance {
    /** Before anything was told. */
    private static final JsonNode NOTHING = MissingNode.getInstance();

    private final JsonNode before;
    private final ObjectState after;
    private final Member by;
    private final Cause cause;
    private final long skipped;
    private final @Nullable Operations operations;
    private final boolean folded;
    private volatile @Nullable ChangeSet changes;

    private Advance(
            JsonNode before,
            ObjectState after,
            Member by,
            Cause cause,
            long skipped,
            @Nullable Operations operations,
            boolean folded) {
        this.before = before;
        this.after = after;
        this.by = by;
        this.cause = cause;
        this.skipped = skipped;
        this.operations = operations;
        this.folded = folded;
    }

    /** One revision, by a patch. */
    static Advance patch(ObjectState before, ObjectState after, Member by, Operations operations) {
        boolean appears = before.deleted() || after.deleted();
        return new Advance(shown(before), after, by, Cause.PATCH, 0, appears ? null : operations, false);
    }

    /** A deleted object is not {@code {}} but nothing. */
    private static JsonNode shown(ObjectState state) {
        return state.deleted() ? NOTHING : state.value();
    }

    /** Several revisions of which this member knows the first and the last state only. */
    static Advance jump(ObjectState before, ObjectState after, Member by, Cause cause) {
        long skipped = Math.max(0, after.revision() - before.revision() - 1);
        return new Advance(shown(before), after, by, cause, skipped, null, false);
    }

    /** What there is when an observer begins. */
    static Advance current(ObjectState now, Member by) {
        return new Advance(NOTHING, now, by, now.author() == 0 ? Cause.RESTORE : Cause.SNAPSHOT, 0, null, false);
    }

    /** This and the next as one. */
    Advance with(Advance next) {
        Cause folded = next.cause == Cause.RESTORE ? Cause.RESTORE : Cause.SNAPSHOT;
        return new Advance(before, next.after, next.by, folded, skipped + 1 + next.skipped, null, true);
    }

    long revision() {
        return after.revision();
    }

    Cause cause() {
        return cause;
    }

    /** Whether the observer had several steps waiting, so that something happened though both ends may look the same. */
    boolean isFolded() {
        return folded;
    }

    JsonNode before() {
        return before;
    }

    JsonNode after() {
        return shown(after);
    }

    /** What changed where, or null if only the two values tell. Worked out once for all observers that ask. */
    @Nullable
    ChangeSet changes() {
        Operations known = operations;
        if (known == null) {
            return null;
        }
        ChangeSet found = changes;
        if (found == null) {
            found = ChangeSet.of(before, after.value(), known);
            changes = found;
        }
        return found;
    }

    Change at(String path, JsonNode was, JsonNode is) {
        Instant time = Times.instant(after.timeMicros());
        return new Change(after.id(), path, was, is, after.revision(), by, time, cause, skipped);
    }
}
