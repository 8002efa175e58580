package dev.covey.mesh.agent;

import dev.covey.mesh.core.Session;
import dev.covey.mesh.core.State;
import dev.covey.mesh.local.ControlFile;
import dev.covey.mesh.local.Doorbell;
import dev.covey.mesh.local.LifeSigns;
import dev.covey.mesh.local.MeshDirectory;
import dev.covey.mesh.protocol.Cell;
import dev.covey.store.ProcessIdentity;
import java.util.OptionalLong;

/** What can be seen of the other members beside what they said when they joined. Any thread. */
public final class Presence {
    private final Doorbell bell;
    private final MeshDirectory directory;
    private final ControlFile control;

    Presence(Doorbell bell, MeshDirectory directory, ControlFile control) {
        this.bell = bell;
        this.directory = directory;
        this.control = control;
    }

    /** Agent's thread, each round: what is applied here is shown to the others. */
    void look(State state) {
        bell.show(state.revisions());
    }

    /**
     * How many revisions a member has still to apply; empty if it does not show what it has applied. The host has them all,
     * so this is right even if this member is behind itself.
     *
     * @param state as it is here
     */
    public OptionalLong lag(Session session, State state) {
        OptionalLong shown = bell.shownBy(session.profile().seat());
        if (shown.isEmpty()) {
            return shown;
        }
        Session host = state.byToken(state.host());
        long decided = host == null ? 0 : bell.shownBy(host.profile().seat()).orElse(0);
        return OptionalLong.of(Math.max(0, Math.max(decided, state.revisions()) - shown.getAsLong()));
    }

    /** The last committed position at this moment. */
    public long committed() {
        long cell = control.cell();
        return cell == Cell.CLOSED ? 0 : Cell.position(cell);
    }

    /** Whether that membership's process is gone for good, so that it asks for nothing any more; it may be frozen if not. */
    public boolean isGone(Session session) {
        return ProcessIdentity.parse(session.profile().process())
                .map(process -> LifeSigns.once(directory, session.profile().seat(), process)
                        .isDead())
                .orElse(false);
    }

    /** The process id of a member, or 0 if it did not tell. */
    public static long pidOf(Session session) {
        return ProcessIdentity.parse(session.profile().process())
                .map(ProcessIdentity::pid)
                .orElse(0L);
    }
}
