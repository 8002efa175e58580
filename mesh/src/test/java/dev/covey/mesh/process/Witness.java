package dev.covey.mesh.process;

import dev.covey.mesh.Change;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An observer of a counter that checks each change against the one before: nothing skipped silently, nothing twice. */
final class Witness implements Consumer<Change> {
    private final StringBuilder wrong = new StringBuilder();
    private @Nullable Change last;
    private long patches;
    private long snapshots;

    @Override
    public synchronized void accept(Change change) {
        Change before = last;
        last = change;
        if (change.cause() == Change.Cause.PATCH) {
            patches++;
        } else {
            snapshots++;
        }
        if (before == null) {
            return;
        }
        if (!before.after().equals(change.before())) {
            wrong.append(" after-").append(before.revision()).append("-comes-").append(change.revision());
        }
        boolean next = change.revision() == before.revision() + 1;
        if (!next && change.cause() == Change.Cause.PATCH) {
            wrong.append(" gap-before-").append(change.revision());
        }
    }

    /** {@code seen LAST-REVISION PATCHES SNAPSHOTS}, and what was wrong. */
    synchronized String report() {
        Change now = last;
        return "seen " + (now == null ? 0 : now.revision()) + " " + patches + " " + snapshots + wrong;
    }
}
