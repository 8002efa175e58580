package dev.covey.mesh.agent;

import dev.covey.mesh.MeshException;
import dev.covey.mesh.core.CommandId;
import dev.covey.mesh.core.Outcome;
import dev.covey.mesh.core.State;

/**
 * Where the end of a command is told, exactly once, on the agent's thread: it must be quick, and must not run user code.
 */
public interface Reply {
    /** Longer than any process lives, and short enough to add. */
    long FOREVER_NANOS = Long.MAX_VALUE / 4;

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

    /**
     * How long the caller waits.
     *
     * @param nowNanos of {@link System#nanoTime}
     * @return on the same clock
     */
    default long deadline(long nowNanos) {
        return nowNanos + FOREVER_NANOS;
    }

    /**
     * The deadline passed and the command was sent: its end is told later, by one of the others.
     *
     * @param id by which every member can be asked
     */
    default void late(CommandId id) {}

    /**
     * This member ended with the command on its way. It may happen, or have happened.
     *
     * @param id by which every other member can be asked
     * @param why UNKNOWN_OUTCOME, its cause being why the member ended
     */
    default void abandoned(CommandId id, MeshException why) {
        failed(why);
    }

    /**
     * Nobody here knows what became of it: UNKNOWN_OUTCOME; or it was never sent, which is certain: CLOSED, TRANSPORT_LOST,
     * TIMED_OUT, LIMIT_EXCEEDED.
     */
    void failed(MeshException why);
}
