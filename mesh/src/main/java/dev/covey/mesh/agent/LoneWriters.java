package dev.covey.mesh.agent;

import dev.covey.mesh.core.State;
import dev.covey.mesh.core.StateEncoder;
import dev.covey.mesh.local.ControlFile;
import dev.covey.mesh.protocol.Cell;
import dev.covey.store.Snapshots;
import dev.covey.store.Winner;
import java.nio.file.Path;
import java.util.ArrayList;
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
     * @param known gives the state at the cell's position by its epoch; asked for only if somebody wrote alone at all
     */
    static void takeIn(Path store, ControlFile control, Snapshots snapshots, LongFunction<State> known) {
        List<Winner> alone = new ArrayList<>();
        Winner.each(store, winner -> {
            if (winner.position() == 0) {
                alone.add(winner);
            }
        });
        if (!alone.isEmpty()) {
            takeIn(alone, store, control, snapshots, known);
        }
    }

    private static void takeIn(
            List<Winner> alone, Path store, ControlFile control, Snapshots snapshots, LongFunction<State> known) {
        long cell = control.cell();
        long epoch = control.epochOf(cell);
        State state = known.apply(epoch);
        alone.removeIf(winner -> winner.revision() <= state.object(winner.id()).revision());
        long next = epoch + 1;
        if (alone.isEmpty() || !control.compareAndSetCell(cell, Cell.pack(next, Cell.position(cell)))) {
            return;
        }
        control.rememberEpoch(next);
        snapshots.write(
                next,
                state.position(),
                StateEncoder.encode(Birth.adopting(state, alone).at(next, state.position())));
        LOG.log(
                System.Logger.Level.INFO,
                "store " + store + ": " + alone.size()
                        + " objects were written while no member of the mesh lived; it goes on"
                        + " with them at position " + state.position());
    }
}
