package dev.covey.mesh.core;

import dev.covey.mesh.core.Tally.Event;
import org.jspecify.annotations.Nullable;

/**
 * A process that writes its state down as a snapshot, and, when it is host, lets segments go that are not needed then. In
 * two steps, so that it may die or freeze between them.
 */
final class SimulatedRecorder {
    private final World world;
    private final Core core;
    private final SimulatedCell cell;
    /** Segments below this position are to go; 0 if none are. */
    private long removal;

    private @Nullable State unpublished;

    SimulatedRecorder(World world, Core core, SimulatedCell cell) {
        this.world = world;
        this.core = core;
        this.cell = cell;
    }

    void begin() {
        unpublished = core.state();
        removal = core.role() == Core.Role.HOST ? core.state().position() + 1 : 0;
        if (world.mutant == Mutant.REMOVES_BEFORE_THE_SNAPSHOT) {
            removeSegments();
        } else {
            publish();
        }
    }

    /** The second half, if there is one to be done. */
    void finish() {
        publish();
        removeSegments();
    }

    private void publish() {
        State state = unpublished;
        if (state != null && state.position() > 0) {
            world.machine.journal.publishSnapshot(state);
            world.tally.count(Event.SNAPSHOT_TAKEN);
        }
        unpublished = null;
    }

    /** Rule J4: only whose epoch is the cell's still, and only its own and lower ones. */
    private void removeSegments() {
        if (removal > 0
                && core.role() == Core.Role.HOST
                && cell.epoch() == core.state().epoch()) {
            int gone = world.machine.journal.removeBelow(removal, cell.epoch());
            for (int i = 0; i < gone; i++) {
                world.tally.count(Event.SEGMENT_REMOVED);
            }
        }
        removal = 0;
    }
}
