package dev.covey.mesh.agent;

import dev.covey.mesh.MeshException;
import dev.covey.mesh.MeshStatus;
import dev.covey.mesh.core.State;
import dev.covey.mesh.protocol.LogRecord;

/** What the face hears of the agent, on the agent's thread: every method must be quick, and must not run user code. */
public interface AgentListener {
    /** A committed record was applied. */
    void applied(State before, LogRecord record, State after);

    /** Whether somebody is to be told of each change by itself, as far as it can be; if not, the state may come as a whole. */
    boolean wantsEachChange();

    /** The state came as a whole. */
    void jumped(State before, State after);

    /**
     * A new epoch began.
     *
     * @param state just after its first record
     * @param gapNanos from when the old host was last seen to give a beat to now; 0 for the first epoch this member sees
     */
    void hostChanged(State state, long gapNanos);

    /** This member stands otherwise with its mesh than before. */
    void statusChanged(MeshStatus status);

    /** The agent ended, and why; CLOSED if it was asked to. */
    void ended(MeshException why);
}
