package dev.covey.mesh.agent;

import dev.covey.mesh.core.Session;
import dev.covey.mesh.core.State;
import dev.covey.mesh.local.Doorbell;
import dev.covey.mesh.local.ProcessIdentity;
import dev.covey.mesh.protocol.Cell;
import java.util.OptionalLong;

/** What can be seen of the other members beside what they said when they joined. */
public final class Presence {
    private final Doorbell bell;
    private volatile long committed;

    Presence(Doorbell bell) {
        this.bell = bell;
    }

    /** Agent's thread, each round: what is applied here is shown to the others. */
    void look(State state, long cell) {
        bell.show(state.position());
        if (cell != Cell.CLOSED) {
            committed = Cell.position(cell);
        }
    }

    /**
     * How many committed records a member has still to apply, as far as this member knows; empty if the other does not show
     * it. Any thread.
     */
    public OptionalLong lag(Session session) {
        OptionalLong shown = bell.shownBy(session.profile().seat());
        return shown.isPresent() ? OptionalLong.of(Math.max(0, committed - shown.getAsLong())) : shown;
    }

    /** The process id of a member, or 0 if it did not tell. */
    public static long pidOf(Session session) {
        return ProcessIdentity.parse(session.profile().process())
                .map(ProcessIdentity::pid)
                .orElse(0L);
    }
}
