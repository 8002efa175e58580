package dev.covey.mesh.model;

import dev.covey.mesh.model.Search.Step;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Rule C3: processes that enter and leave one mesh through its door, a file that is there only as long as the mesh. A file
 * that was unlinked can still be locked, by who had opened it before.
 */
final class DoorModel implements Search.Model<DoorModel.World> {
    private static final int PROCESSES = 3;
    private static final int MOST_INODES = 4;
    private static final int NOTHING = 0;

    /** Whether who gets the lock looks if the path still leads to that file. */
    private final boolean looksAgain;

    DoorModel(boolean looksAgain) {
        this.looksAgain = looksAgain;
    }

    private enum At {
        OUTSIDE,
        /** Has the door's file open. */
        BEFORE_THE_DOOR,
        /** Has its lock. */
        AT_THE_LOCK,
        /** Is entering or leaving, and nobody else should be. */
        INSIDE,
        /** Is a member, away from the door. */
        MEMBER
    }

    /** One process: where it is, the file it has open, and the life of the mesh that it belongs to. */
    record Caller(At at, int inode, int life) {
        static final Caller NONE = new Caller(At.OUTSIDE, NOTHING, NOTHING);

        Caller to(At next) {
            return new Caller(next, inode, life);
        }

        boolean holds(int lock) {
            return inode == lock && (at == At.AT_THE_LOCK || at == At.INSIDE);
        }
    }

    /**
     * All of it.
     *
     * @param door the inode that the door's path leads to
     * @param control the life whose control file there is
     */
    record World(List<Caller> processes, int door, int inodes, int control, int lives) {
        World {
            processes = List.copyOf(processes);
        }

        World with(int i, UnaryOperator<Caller> change) {
            List<Caller> changed = new ArrayList<>(processes);
            changed.set(i, change.apply(changed.get(i)));
            return new World(changed, door, inodes, control, lives);
        }

        boolean isFree(int inode) {
            return processes.stream().noneMatch(process -> process.holds(inode));
        }

        boolean isAnotherOf(int i, int life) {
            for (int other = 0; other < processes.size(); other++) {
                if (other != i && processes.get(other).life() == life) {
                    return true;
                }
            }
            return false;
        }
    }

    @Override
    public World start() {
        return new World(Collections.nCopies(PROCESSES, Caller.NONE), NOTHING, 0, NOTHING, 0);
    }

    @Override
    public List<Step<World>> steps(World world) {
        List<Step<World>> steps = new ArrayList<>();
        for (int i = 0; i < PROCESSES; i++) {
            step(world, i, steps);
            if (world.processes().get(i).at() != At.OUTSIDE) {
                steps.add(new Step<>("process " + i + " is killed", world.with(i, any -> Caller.NONE)));
            }
        }
        return steps;
    }

    private void step(World world, int i, List<Step<World>> steps) {
        Caller process = world.processes().get(i);
        String name = "process " + i + " ";
        switch (process.at()) {
            case OUTSIDE, MEMBER -> open(world, i, name, steps);
            case BEFORE_THE_DOOR -> {
                if (world.isFree(process.inode())) {
                    steps.add(new Step<>(name + "gets the lock", world.with(i, it -> it.to(At.AT_THE_LOCK))));
                }
            }
            case AT_THE_LOCK -> {
                boolean still = world.door() == process.inode() || !looksAgain;
                At next = still ? At.INSIDE : process.life() == NOTHING ? At.OUTSIDE : At.MEMBER;
                steps.add(new Step<>(
                        name + "looks where the path leads", world.with(i, it -> it.to(next)), crowd(world, i, next)));
            }
            case INSIDE -> {
                if (process.life() == NOTHING) {
                    enter(world, i, name, steps);
                } else {
                    leave(world, i, name, steps);
                }
            }
        }
    }

    private static @Nullable String crowd(World world, int i, At next) {
        boolean other = false;
        for (int each = 0; each < PROCESSES; each++) {
            other |= each != i && world.processes().get(each).at() == At.INSIDE;
        }
        return other && next == At.INSIDE ? "two are inside at once" : null;
    }

    private static void open(World world, int i, String name, List<Step<World>> steps) {
        if (world.door() != NOTHING) {
            int found = world.door();
            steps.add(new Step<>(
                    name + "opens the door's file",
                    world.with(i, it -> new Caller(At.BEFORE_THE_DOOR, found, it.life()))));
        } else if (world.inodes() < MOST_INODES) {
            int made = world.inodes() + 1;
            World more = new World(world.processes(), made, made, world.control(), world.lives());
            steps.add(new Step<>(
                    name + "makes the door's file",
                    more.with(i, it -> new Caller(At.BEFORE_THE_DOOR, made, it.life()))));
        }
    }

    private static void enter(World world, int i, String name, List<Step<World>> steps) {
        boolean born = world.control() == NOTHING;
        int life = born ? world.lives() + 1 : world.control();
        World after = new World(world.processes(), world.door(), world.inodes(), life, Math.max(life, world.lives()));
        boolean split = after.processes().stream().anyMatch(it -> it.life() != NOTHING && it.life() != life);
        steps.add(new Step<>(
                name + (born ? "brings the mesh to life" : "joins it"),
                after.with(i, it -> new Caller(At.MEMBER, NOTHING, life)),
                split ? "members of two lives" : null));
    }

    /** The last one takes the mesh away, and its door as the last act; the lock goes with the file. */
    private static void leave(World world, int i, String name, List<Step<World>> steps) {
        int life = world.processes().get(i).life();
        boolean last = world.control() == life && !world.isAnotherOf(i, life);
        World after = last ? new World(world.processes(), NOTHING, world.inodes(), NOTHING, world.lives()) : world;
        steps.add(new Step<>(
                name + (last ? "leaves as the last one and removes all" : "leaves"),
                after.with(i, any -> Caller.NONE)));
    }
}
