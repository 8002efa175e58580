package dev.covey.mesh.agent;

import dev.covey.mesh.core.Core;
import dev.covey.mesh.core.State;
import org.jspecify.annotations.Nullable;

/**
 * What the death watch sees of its member, published by the agent whenever it changes.
 *
 * @param state committed
 * @param cellEpoch of the commit cell
 * @param role of this member
 * @param number of this member, or 0
 * @param sinceBirth negative as long as something is not applied that was recorded before this life of the mesh was born, 0
 *     with exactly that, positive as soon as there is a record of this life
 */
record Sight(State state, long cellEpoch, Core.Role role, long number, int sinceBirth) {
    /** The last one published; belongs to the agent's thread. */
    static final class Last {
        private @Nullable Sight shown;
        private @Nullable State looked;

        /** Once a round, in most of which nothing changed. Returns what is to be published, null if that is no news. */
        @SuppressWarnings("ReferenceEquality") // the same state is the same state; another is looked at
        @Nullable
        Sight changed(State state, long cellEpoch, Core.Role role, long number, int sinceBirth) {
            Sight last = shown;
            boolean same = last != null
                    && last.cellEpoch == cellEpoch
                    && last.role == role
                    && last.number == number
                    && last.sinceBirth == sinceBirth
                    && (state == looked || sameMembers(last.state, state));
            looked = state;
            if (same) {
                return null;
            }
            Sight fresh = new Sight(state, cellEpoch, role, number, sinceBirth);
            shown = fresh;
            return fresh;
        }

        private static boolean sameMembers(State one, State other) {
            return one.epoch() == other.epoch()
                    && one.sessions().keySet().equals(other.sessions().keySet());
        }
    }
}
