package dev.covey.mesh.model;

import dev.covey.mesh.model.Search.Step;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rules C8 and J6: a store with its journal, which somebody replaces by a copy made earlier, and a commit cell in shared
 * memory that outlives its processes and knows nothing of that. Nothing acknowledged since the copy came back may be lost:
 * what the copy has, and all after it.
 */
final class IdentityModel implements Search.Model<IdentityModel.World> {
    private static final int MOST_RECORDS = 5;
    private static final int MOST_LIVES = 3;
    private static final int MOST_COPIES = 2;

    /** What is forgotten. */
    enum Mutant {
        NONE,
        /** Who finds a cell takes it, whatever the journal in the store says. */
        RESTORED_STORE,
        /** A host goes on in a journal that is another life's by now. */
        GOES_ON_PAST_ANOTHER_LIFE
    }

    /** A record at a position, and the life that wrote it there. */
    record Entry(int position, int record, int life) {}

    /**
     * A journal: its records, and the life that its newest segment names.
     *
     * @param entries in the order of their positions, perhaps with a gap
     */
    record Journal(List<Entry> entries, int life) {
        static final Journal EMPTY = new Journal(List.of(), 0);

        Journal {
            entries = List.copyOf(entries);
        }

        /** What a recovery finds: up to the first gap. */
        List<Integer> readable() {
            List<Integer> found = new ArrayList<>();
            for (Entry entry : entries) {
                if (entry.position() == found.size() + 1) {
                    found.add(entry.record());
                }
            }
            return found;
        }

        int end() {
            return readable().size();
        }

        /** Whoever writes at a position seals what was there before and behind it. */
        Journal with(Entry entry) {
            List<Entry> more = new ArrayList<>(entries);
            more.removeIf(each -> each.position() >= entry.position());
            more.add(entry);
            return new Journal(more, entry.life());
        }

        /** As a cell speaks for it. */
        Journal cutAt(int position, int byLife) {
            List<Entry> left = new ArrayList<>(entries);
            left.removeIf(each -> each.position() > position);
            return new Journal(left, byLife);
        }
    }

    /** The commit cell. Life 0 is none. */
    record Cell(int life, int position) {
        static final Cell GONE = new Cell(0, 0);
    }

    /** All of it; {@code copy} is what somebody can put back. */
    record World(
            Cell cell,
            boolean hostLives,
            Journal journal,
            Journal copy,
            int copies,
            int lives,
            List<Integer> acknowledged) {
        World {
            acknowledged = List.copyOf(acknowledged);
        }

        World hosted(Cell next, Journal changed, boolean alive, int life) {
            return new World(next, alive, changed, copy, copies, Math.max(lives, life), acknowledged);
        }
    }

    private final Mutant mutant;

    IdentityModel(Mutant mutant) {
        this.mutant = mutant;
    }

    @Override
    public World start() {
        return new World(Cell.GONE, false, Journal.EMPTY, Journal.EMPTY, 0, 0, List.of());
    }

    @Override
    public List<Step<World>> steps(World world) {
        List<Step<World>> steps = new ArrayList<>();
        if (world.hostLives()) {
            host(world, steps);
            steps.add(new Step<>("all are killed", world.hosted(world.cell(), world.journal(), false, 0)));
        } else {
            begin(world, steps);
        }
        if (world.cell().life() != 0 && !world.hostLives()) {
            steps.add(new Step<>(
                    "shared memory is gone, as after Mesh.remove", world.hosted(Cell.GONE, world.journal(), false, 0)));
        }
        handle(world, steps);
        return steps;
    }

    /**
     * Somebody copies the store, and puts the copy back: what it has is what counts from then on. A copy of its own life put
     * under a living host cannot be told from the journal that it has mapped, and is its user's to answer for.
     */
    private static void handle(World world, List<Step<World>> steps) {
        if (world.copies() < MOST_COPIES) {
            steps.add(new Step<>(
                    "somebody copies the store",
                    new World(
                            world.cell(),
                            world.hostLives(),
                            world.journal(),
                            world.journal(),
                            world.copies() + 1,
                            world.lives(),
                            world.acknowledged())));
        }
        boolean tellable =
                !world.hostLives() || world.copy().life() != world.cell().life();
        if (world.copies() > 0 && tellable && !world.copy().equals(world.journal())) {
            steps.add(new Step<>(
                    "somebody puts the copy in the store's place",
                    new World(
                            world.cell(),
                            world.hostLives(),
                            world.copy(),
                            world.copy(),
                            world.copies(),
                            world.lives(),
                            world.copy().readable())));
        }
    }

    private void host(World world, List<Step<World>> steps) {
        Cell cell = world.cell();
        boolean another = world.journal().life() != cell.life();
        if (another && mutant != Mutant.GOES_ON_PAST_ANOTHER_LIFE) {
            steps.add(new Step<>(
                    "the host meets another life's segment and stops", world.hosted(cell, world.journal(), false, 0)));
        } else if (world.acknowledged().size() < MOST_RECORDS && cell.position() < MOST_RECORDS) {
            steps.add(commit(world));
        }
    }

    private static Step<World> commit(World world) {
        Cell next = new Cell(world.cell().life(), world.cell().position() + 1);
        int record = world.acknowledged().stream().mapToInt(each -> each).max().orElse(0) + 1;
        Journal written = world.journal().with(new Entry(next.position(), record, next.life()));
        List<Integer> acknowledged = new ArrayList<>(world.acknowledged());
        acknowledged.add(record);
        World after = new World(next, true, written, world.copy(), world.copies(), world.lives(), acknowledged);
        return new Step<>(
                "the host of life " + next.life() + " acknowledges record " + record + " at position "
                        + next.position(),
                after);
    }

    private void begin(World world, List<Step<World>> steps) {
        Cell cell = world.cell();
        if (cell.life() == 0) {
            if (world.lives() < MOST_LIVES) {
                steps.add(born(world));
            }
            return;
        }
        boolean certain =
                world.journal().life() == cell.life() && world.journal().end() == cell.position();
        if (certain || mutant == Mutant.RESTORED_STORE) {
            Journal taken = world.journal().cutAt(cell.position(), cell.life());
            steps.add(
                    new Step<>("a starter goes on at " + cell, world.hosted(cell, taken, true, 0), lost(world, taken)));
        }
    }

    private static Step<World> born(World world) {
        int life = world.lives() + 1;
        Journal found = world.journal().cutAt(world.journal().end(), life);
        Cell cell = new Cell(life, found.end());
        return new Step<>(
                "life " + life + " is born with " + found.readable(),
                world.hosted(cell, found, true, life),
                lost(world, found));
    }

    private static @Nullable String lost(World world, Journal goesOnWith) {
        return goesOnWith.readable().containsAll(world.acknowledged())
                ? null
                : world.acknowledged() + " had been acknowledged, and " + goesOnWith.readable() + " is left";
    }
}
