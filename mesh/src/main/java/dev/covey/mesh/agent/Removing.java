package dev.covey.mesh.agent;

import dev.covey.mesh.MeshCode;
import dev.covey.mesh.MeshException;
import dev.covey.mesh.Removal;
import dev.covey.mesh.core.State;
import dev.covey.mesh.local.ControlFile;
import dev.covey.mesh.local.LifeSigns;
import dev.covey.mesh.local.MeshDirectory;
import dev.covey.mesh.local.Seat;
import dev.covey.mesh.protocol.Cell;
import dev.covey.mesh.protocol.Wire;
import dev.covey.store.Durability;
import dev.covey.store.StoreException;
import dev.covey.store.Winner;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Gives up what dead members left in shared memory: behind the door the cell becomes CLOSED, then the directory goes. */
public final class Removing {
    private static final System.Logger LOG = System.getLogger(Removing.class.getName());

    private final MeshDirectory directory;

    private Removing(MeshDirectory directory) {
        this.directory = directory;
    }

    /**
     * Removes that mesh; {@code base} is null for the default one.
     *
     * @throws MeshException BAD_NAME; MESH_IN_USE naming who lives in it, and then nothing was changed
     */
    public static Removal of(String name, @Nullable Path base) {
        MeshDirectory directory = MeshDirectory.at(name, base == null ? MeshDirectory.defaultBase() : base);
        if (!directory.exists()) {
            return Removal.nothing(name);
        }
        return directory.withDoor(() -> new Removing(directory).run());
    }

    /** How a program says that. */
    static String call(MeshDirectory directory) {
        boolean usual = directory.base().equals(MeshDirectory.defaultBase());
        return "Mesh.remove(\"" + directory.name() + "\"" + (usual ? ")" : ", Path.of(\"" + directory.base() + "\"))");
    }

    private Removal run() {
        List<Path> seats = directory.seats();
        requireNobody(seats);
        Optional<ControlFile> control = control();
        Removal removal = control.map(found -> closed(found, seats.size()))
                .orElseGet(() -> new Removal(directory.name(), true, seats.size(), 0, Removal.UNKNOWN));
        directory.remove();
        LOG.log(System.Logger.Level.INFO, removal.toString());
        return removal;
    }

    private void requireNobody(List<Path> seats) {
        if (!LifeSigns.anybodyLives(directory)) {
            return;
        }
        List<String> living = seats.stream()
                .filter(seat -> !LifeSigns.ofSeat(directory, seat).isDead())
                .map(Removing::who)
                .toList();
        String who = living.isEmpty()
                ? "somebody whose seat was removed, and whose bell answers"
                : String.join(", ", living);
        throw new MeshException(
                MeshCode.MESH_IN_USE,
                "mesh " + directory.name() + " in " + directory.path() + " cannot be removed: in it lives " + who
                        + "; close or end the members first");
    }

    private static String who(Path seat) {
        return Seat.read(seat).map(word -> "process " + word.process().pid()).orElse("the member of seat " + seat);
    }

    /** Empty if there is none, or none that can be read: then there is nothing that anybody could go on with. */
    private Optional<ControlFile> control() {
        try {
            return ControlFile.open(directory, Wire.VERSION);
        } catch (MeshException unreadable) {
            LOG.log(System.Logger.Level.WARNING, "removed without being read: " + unreadable.getMessage());
            return Optional.empty();
        }
    }

    private Removal closed(ControlFile control, int dead) {
        long cell = control.cell();
        if (cell == Cell.CLOSED) {
            return new Removal(directory.name(), true, dead, 0, notCarried(control));
        }
        Removal removal = new Removal(directory.name(), true, dead, Cell.position(cell), lost(control, cell));
        while (cell != Cell.CLOSED && !control.compareAndSetCell(cell, Cell.CLOSED)) {
            cell = control.cell();
        }
        return removal;
    }

    /** Somebody may have closed it who took its store, and died before the journal was carried there. */
    private static long notCarried(ControlFile control) {
        try {
            Premises.finishCarrying(control);
            return 0;
        } catch (StoreException | MeshException unreadable) {
            LOG.log(System.Logger.Level.WARNING, "what is lost cannot be told: " + unreadable.getMessage());
            return Removal.UNKNOWN;
        }
    }

    private long lost(ControlFile control, long cell) {
        Settings settings = Settings.fromBytes(control.birth().options());
        try {
            if (settings.durability() != Durability.MEMORY) {
                Premises.requireMatch(directory, settings, control);
                return 0;
            }
            State state = Premises.stateAt(directory, settings, control, control.epochOf(cell), Cell.position(cell));
            return settings.store() == null ? state.revisions() : missingIn(Path.of(settings.store()), state);
        } catch (StoreException | MeshException unreadable) {
            LOG.log(System.Logger.Level.WARNING, "what is lost cannot be told: " + unreadable.getMessage());
            return Removal.UNKNOWN;
        }
    }

    private static long missingIn(Path store, State state) {
        Map<String, Long> written = new HashMap<>();
        Winner.each(store, winner -> written.put(winner.id(), winner.revision()));
        return state.objects().values().stream()
                .mapToLong(object -> Math.max(0, object.revision() - written.getOrDefault(object.id(), 0L)))
                .sum();
    }
}
