package dev.covey.mesh.model;

import dev.covey.mesh.model.Search.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Rules C6 and C7: meshes that want one store, whose journals are in their own memory. One after the other they claim it, die
 * at any moment, lose their locks by reading their own files, and are once taken for dead by every witness while they live.
 * Nothing acknowledged may be missing from what a later mesh acknowledges its own on.
 */
final class SuccessionModel implements Search.Model<SuccessionModel.World> {
    private static final int LIVES = 3;
    private static final int MOST_RECORDS = 4;
    private static final int NOBODY = -1;

    /** What is forgotten. */
    enum Mutant {
        NONE,
        /** A free lock is enough, and the former cell is left as it is. */
        WALKER,
        /** Whose file is missing counts as dead, and the former cell is left as it is. */
        MISSING_IS_DEAD,
        /** The former cell is closed, and its journal is not carried. */
        CLOSED_FORGETS,
        /** The cell is closed whatever it holds by then. */
        CLOSES_ANY_VALUE,
        /** The value is not noted before the cell is closed. */
        NOTES_NOTHING,
        /** The claimer begins, and carries then. */
        CARRIES_LATE
    }

    /** How far a claimer is. */
    private enum Stage {
        UNBORN,
        NOTED,
        CLOSED,
        CARRIED,
        LIVING,
        DEAD
    }

    /**
     * One life of a mesh, with its only member.
     *
     * @param history all records that it was born with or has committed
     * @param open whether its cell can be moved
     * @param locked whether it still has its lock
     * @param named whether its file in the store is there
     */
    record Life(Stage stage, List<Integer> history, boolean open, boolean locked, boolean named) {
        static final Life NONE = new Life(Stage.UNBORN, List.of(), false, false, false);

        Life {
            history = List.copyOf(history);
        }

        boolean isAlive() {
            return stage == Stage.LIVING;
        }

        Life to(Stage next) {
            return new Life(next, history, open, locked && next != Stage.DEAD, named);
        }
    }

    /**
     * All of it.
     *
     * @param files the records in the store
     * @param owner whose claim it is
     * @param former whom its claimer is closing, or {@link #NOBODY}
     * @param value of that one's cell, as noted
     * @param acknowledged what callers were told
     * @param lied whether all witnesses were wrong once
     */
    record World(
            List<Life> lives,
            List<Integer> files,
            int owner,
            int former,
            int value,
            List<Integer> acknowledged,
            boolean lied) {
        World {
            lives = List.copyOf(lives);
            files = List.copyOf(files);
            acknowledged = List.copyOf(acknowledged);
        }

        World with(int i, UnaryOperator<Life> change) {
            List<Life> changed = new ArrayList<>(lives);
            changed.set(i, change.apply(changed.get(i)));
            return new World(changed, files, owner, former, value, acknowledged, lied);
        }

        World claimed(int newOwner, int newFormer, int newValue) {
            return new World(lives, files, newOwner, newFormer, newValue, acknowledged, lied);
        }

        World holding(List<Integer> more) {
            return new World(lives, more, owner, former, value, acknowledged, lied);
        }
    }

    private final Mutant mutant;

    SuccessionModel(Mutant mutant) {
        this.mutant = mutant;
    }

    @Override
    public World start() {
        return new World(
                java.util.Collections.nCopies(LIVES, Life.NONE), List.of(), NOBODY, NOBODY, 0, List.of(), false);
    }

    @Override
    public List<Step<World>> steps(World world) {
        List<Step<World>> steps = new ArrayList<>();
        for (int i = 0; i < LIVES; i++) {
            Life life = world.lives().get(i);
            String name = "mesh " + i + " ";
            if (life.isAlive()) {
                live(world, i, name, steps);
            } else if (life.stage() != Stage.DEAD && isNext(world, i)) {
                claim(world, i, name, steps);
            }
            if (life.stage() != Stage.DEAD && life.stage() != Stage.UNBORN) {
                steps.add(new Step<>(name + "is killed", forgetting(world, life).with(i, it -> it.to(Stage.DEAD))));
            }
        }
        return steps;
    }

    /** What was not noted dies with who knew it. */
    private World forgetting(World world, Life killed) {
        boolean unnoted = mutant == Mutant.NOTES_NOTHING && !killed.isAlive();
        return unnoted ? world.claimed(world.owner(), NOBODY, 0) : world;
    }

    /** One claimer at a time: the right to ask is a lock. They come in order, for they are alike. */
    private static boolean isNext(World world, int i) {
        for (int before = 0; before < i; before++) {
            Stage stage = world.lives().get(before).stage();
            if (stage != Stage.DEAD && stage != Stage.LIVING) {
                return false;
            }
        }
        return true;
    }

    private void live(World world, int i, String name, List<Step<World>> steps) {
        Life life = world.lives().get(i);
        if (!life.open()) {
            steps.add(new Step<>(name + "finds its cell closed and stops", world.with(i, it -> it.to(Stage.DEAD))));
        } else if (world.acknowledged().size() < MOST_RECORDS) {
            commit(world, i, name, steps);
        }
        if (world.files().size() < life.history().size()) {
            List<Integer> more = new ArrayList<>(world.files());
            more.add(life.history().get(world.files().size()));
            steps.add(new Step<>(name + "writes a revision file", world.holding(more)));
        }
        if (life.locked()) {
            steps.add(new Step<>(
                    name + "reads its files and loses its lock",
                    world.with(i, it -> new Life(it.stage(), it.history(), it.open(), false, it.named()))));
        }
        if (life.named()) {
            steps.add(new Step<>(
                    "somebody removes the file of mesh " + i,
                    world.with(i, it -> new Life(it.stage(), it.history(), it.open(), it.locked(), false))));
        } else {
            steps.add(new Step<>(
                    name + "makes its file again",
                    world.with(i, it -> new Life(it.stage(), it.history(), it.open(), it.locked(), true))));
        }
    }

    private static void commit(World world, int i, String name, List<Step<World>> steps) {
        Life life = world.lives().get(i);
        int record = world.acknowledged().size() + 1;
        List<Integer> history = new ArrayList<>(life.history());
        history.add(record);
        List<Integer> acknowledged = new ArrayList<>(world.acknowledged());
        acknowledged.add(record);
        World told = new World(
                world.lives(), world.files(), world.owner(), world.former(), world.value(), acknowledged, world.lied());
        String wrong = life.history().equals(world.acknowledged())
                ? null
                : "acknowledged on " + life.history() + ", and " + world.acknowledged() + " had been acknowledged";
        steps.add(new Step<>(
                name + "acknowledges record " + record,
                told.with(i, it -> new Life(it.stage(), history, true, it.locked(), it.named())),
                wrong));
    }

    private void claim(World world, int i, String name, List<Step<World>> steps) {
        switch (world.lives().get(i).stage()) {
            case UNBORN -> judge(world, i, name, steps);
            case NOTED -> close(world, i, name, steps);
            case CLOSED ->
                steps.add(new Step<>(
                        name + "carries the journal", carried(world).with(i, it -> it.to(Stage.CARRIED))));
            default -> steps.add(born(world, i, name));
        }
    }

    /** Who was killed while it claimed: that counts if the former cell is closed, else the former is the owner still. */
    private void judge(World world, int i, String name, List<Step<World>> steps) {
        if (world.former() != NOBODY && !world.lives().get(world.former()).open()) {
            steps.add(new Step<>(name + "goes on where a claimer died", world.with(i, it -> it.to(Stage.CLOSED))));
            return;
        }
        int owner = world.former() != NOBODY ? world.former() : world.owner();
        if (owner == NOBODY || !world.lives().get(owner).open()) {
            steps.add(new Step<>(name + "finds nobody to close", world.with(i, it -> it.to(Stage.CARRIED))));
            return;
        }
        if (isDead(world.lives().get(owner))) {
            steps.add(noted(world, i, name, owner));
        } else if (!world.lied() && !closesNothing()) {
            World lying = new World(
                    world.lives(),
                    world.files(),
                    world.owner(),
                    world.former(),
                    world.value(),
                    world.acknowledged(),
                    true);
            steps.add(noted(lying, i, "although mesh " + owner + " lives, " + name, owner));
        }
    }

    private boolean isDead(Life former) {
        return switch (mutant) {
            case WALKER -> !former.locked();
            case MISSING_IS_DEAD -> !former.named();
            default -> !former.isAlive() && !former.locked();
        };
    }

    private boolean closesNothing() {
        return mutant == Mutant.WALKER || mutant == Mutant.MISSING_IS_DEAD;
    }

    private Step<World> noted(World world, int i, String name, int owner) {
        if (closesNothing()) {
            return new Step<>(name + "takes the store", world.with(i, it -> it.to(Stage.CARRIED)));
        }
        int value = world.lives().get(owner).history().size();
        World after =
                mutant == Mutant.NOTES_NOTHING ? world.claimed(owner, NOBODY, value) : world.claimed(i, owner, value);
        return new Step<>(
                name + "notes that the cell of mesh " + owner + " is at " + value,
                after.with(i, it -> it.to(Stage.NOTED)));
    }

    private void close(World world, int i, String name, List<Step<World>> steps) {
        int former = world.former() != NOBODY ? world.former() : world.owner();
        Life closing = world.lives().get(former);
        boolean still = closing.history().size() == world.value() || mutant == Mutant.CLOSES_ANY_VALUE;
        if (still) {
            World closed = world.with(former, it -> new Life(it.stage(), it.history(), false, it.locked(), it.named()));
            Stage next =
                    mutant == Mutant.CLOSED_FORGETS || mutant == Mutant.CARRIES_LATE ? Stage.CARRIED : Stage.CLOSED;
            steps.add(new Step<>(
                    name + "closes that cell",
                    closed.claimed(world.owner(), former, world.value()).with(i, it -> it.to(next))));
        } else {
            steps.add(new Step<>(
                    name + "finds the cell moved and gives up",
                    world.claimed(former, NOBODY, 0).with(i, it -> it.to(Stage.DEAD))));
        }
    }

    /** The journal of the former, up to the value that was noted, in the store. */
    private static World carried(World world) {
        if (world.former() == NOBODY) {
            return world;
        }
        List<Integer> history = world.lives().get(world.former()).history();
        List<Integer> upTo = history.subList(0, Math.min(world.value(), history.size()));
        return upTo.size() > world.files().size() ? world.holding(upTo) : world;
    }

    /** Its first record is behind what the store has; the claim names no former owner any more. */
    private Step<World> born(World world, int i, String name) {
        Life living = new Life(Stage.LIVING, world.files(), true, true, true);
        World after = mutant == Mutant.CARRIES_LATE ? carried(world) : world;
        return new Step<>(
                name + "is born with " + world.files(),
                after.claimed(i, NOBODY, 0).with(i, any -> living));
    }
}
