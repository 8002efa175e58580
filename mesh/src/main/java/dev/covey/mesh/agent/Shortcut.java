package dev.covey.mesh.agent;

import dev.covey.mesh.MeshException;
import dev.covey.mesh.core.State;
import dev.covey.store.StoreException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Past the records that a member which is far behind has not applied, to a snapshot, if nobody in it wants to be told of each
 * change: where it then is does not depend on the way. Agent's thread.
 */
final class Shortcut {
    /** So many records behind is far: to apply them takes longer than to look for a snapshot and to read it. */
    static final long FAR = 10_000;

    static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private static final System.Logger LOG = System.getLogger(Shortcut.class.getName());

    /** Where snapshots are. */
    interface Source {
        /** A state that is beyond the one position and not beyond the other, and smaller than the journal up to it. */
        Optional<State> state(long from, long beyond, long committed);

        /** There is none. */
        void want(long beyond);
    }

    private final Source source;
    private final BooleanSupplier wantsEachChange;
    private long nextLook;

    Shortcut(Source source, BooleanSupplier wantsEachChange, long nowNanos) {
        this.source = source;
        this.wantsEachChange = wantsEachChange;
        this.nextLook = nowNanos;
    }

    /** The state to go on with; empty if the journal is the way. */
    Optional<State> from(State state, long committed, long nowNanos) {
        boolean far = committed - state.position() > FAR;
        if (!far || nowNanos - nextLook < 0 || wantsEachChange.getAsBoolean()) {
            return Optional.empty();
        }
        nextLook = nowNanos + LOOK_NANOS;
        try {
            long beyond = state.position() + FAR;
            Optional<State> found = source.state(state.position(), beyond, committed);
            if (found.isEmpty()) {
                source.want(beyond);
            }
            return found.filter(ahead -> !wantsEachChange.getAsBoolean());
        } catch (MeshException | StoreException unreadable) {
            LOG.log(System.Logger.Level.WARNING, "no snapshot can be taken, the journal is read instead", unreadable);
            return Optional.empty();
        }
    }
}
