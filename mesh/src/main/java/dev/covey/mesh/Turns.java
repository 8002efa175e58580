package dev.covey.mesh;

import dev.covey.mesh.core.State;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** This member's places in lines, told when a record moved a line. */
final class Turns {
    private final Set<Turn> open = ConcurrentHashMap.newKeySet();

    void add(Turn turn) {
        open.add(turn);
    }

    void remove(Turn turn) {
        open.remove(turn);
    }

    /** Agent's thread. What no record touched is the same reference, which is the answer for nearly all of them. */
    @SuppressWarnings("ReferenceEquality")
    void look(State before, State after) {
        if (before.holdings().lines() != after.holdings().lines()) {
            open.forEach(turn -> turn.look(after));
        }
    }

    /** Nobody will hear of any line any more. */
    void ended(MeshException why) {
        open.forEach(turn -> turn.failed(why));
    }
}
