package dev.covey.mesh.agent;

import dev.covey.mesh.core.State;
import dev.covey.mesh.core.StateEncoder;
import dev.covey.mesh.local.ControlFile;
import dev.covey.mesh.protocol.Cell;
import dev.covey.store.Snapshots;
import dev.covey.store.Winner;
import java.util.List;
import java.util.function.LongFunction;

/**
 * What was written in a store without a mesh while all members of one were dead whose cell is still there: its revisions are
 * taken in before anybody goes on at that cell. Were they not, the mesh would give their numbers to revisions of its own, which
 * then count as written already and reach no file.
 *
 * <p>The cell goes from (e, p) to (e + 1, p), then a snapshot of that epoch at p has the state with them. Who dies in between
 * has changed nothing: the next one finds the same revisions and does it again. Behind the door, and nobody lives.
 */
final class LoneWriters {
    private static final System.Logger LOG = System.getLogger(LoneWriters.class.getName());

    private LoneWriters() {}

    /**
     * Takes in what is newer than the state.
     *
     * @param alone what the store has of objects that somebody wrote last without a mesh
     * @param known gives the state at the cell's position by its epoch; asked for only if there is any
     */
    static void takeIn(List<Winner> alone, ControlFile control, Snapshots snapshots, LongFunction<State> known) {
        if (alone.isEmpty()) {
            return;
        }
        long cell = control.cell();
        long epoch = control.epochOf(cell);
        State state = known.apply(epoch);
        List<Winner> newer = alone.stream()
                .filter(winner -> winner.revision() > state.object(winner.id()).revision())
                .toList();
        long next = epoch + 1;
        if (newer.isEmpty() || !control.compareAndSetCell(cell, Cell.pack(next, Cell.position(cell)))) {
            return;
        }
        control.rememberEpoch(next);
        State taken = Birth.adopting(state, newer).at(next, state.position());
        snapshots.write(next, state.position(), StateEncoder.encode(taken));
        LOG.log(
                System.Logger.Level.INFO,
                control.path() + ": " + newer.size()
                        + " objects were written while no member of the mesh lived; it goes on"
                        + " with them at position " + state.position());
    }
}
