package dev.covey.mesh.agent;

import dev.covey.mesh.core.Core;
import dev.covey.mesh.core.State;

/**
 * What the death watch sees of its member, published by the agent whenever it changes.
 *
 * @param state committed
 * @param cellEpoch of the commit cell
 * @param role of this member
 * @param number of this member, or 0
 */
record Sight(State state, long cellEpoch, Core.Role role, long number) {
    boolean sameAs(State state, long cellEpoch, Core.Role role, long number) {
        return this.cellEpoch == cellEpoch
                && this.role == role
                && this.number == number
                && this.state.epoch() == state.epoch()
                && this.state.sessions().keySet().equals(state.sessions().keySet());
    }
}
