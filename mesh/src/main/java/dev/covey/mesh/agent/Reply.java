package dev.covey.mesh.agent;

import dev.covey.mesh.MeshException;
import dev.covey.mesh.core.Outcome;
import dev.covey.mesh.core.State;

/**
 * Where the end of a command is told, exactly once, on the agent's thread: it must be quick, and must not run user code.
 */
public interface Reply {
    /** Nobody waits for this end. */
    Reply FORGOTTEN = new Reply() {
        @Override
        public void decided(Outcome outcome, State state) {}

        @Override
        public void failed(MeshException why) {}
    };

    /**
     * The host decided.
     *
     * @param outcome accepted or refused
     * @param state the committed state just after that record, or a later one if this member skipped it
     */
    void decided(Outcome outcome, State state);

    /** Nobody here knows what became of it: CLOSED before it left, or UNKNOWN_OUTCOME. */
    void failed(MeshException why);
}
