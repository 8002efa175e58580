package dev.covey.mesh.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.covey.mesh.core.Tally.Event;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The core through every accident there is, in worlds that follow from a seed. After every step what was said and applied
 * is held against the {@link Ledger}.
 *
 * <p>{@code -Dcovey.sim.seeds=N} runs N seeds instead of 10,000; {@code -Dcovey.sim.seed=N} runs that one alone, as a
 * failure says it. Worlds know nothing of each other, so all cores run them.
 */
class SimulationTest {
    private static final int SEEDS = Integer.getInteger("covey.sim.seeds", 10_000);
    private static final int MUTANT_SEEDS = 4_000;
    private static final long ENOUGH = 100;
    private static final List<Event> MUST_HAPPEN = List.of(
            Event.TAKE_OVER,
            Event.TAKE_OVER_DURING_TAKE_OVER,
            Event.REPEATED_COMMAND_RECOGNISED,
            Event.ZOMBIE_RECORD_REFUSED,
            Event.CATCH_UP,
            Event.THAWED_BETWEEN_TWO_EFFECTS,
            Event.THAWED_AFTER_BEING_DEPOSED,
            Event.FROZEN_HOST_DEPOSED,
            Event.FALSELY_SUSPECTED_HOST_DEPOSED,
            Event.BURIED_ALIVE,
            Event.REJOINED,
            Event.STRAY_COMMAND,
            Event.RESTORED_FROM_SNAPSHOT,
            Event.WIPED,
            Event.STOPPED_BY_A_WIPE,
            Event.STORE_IN_USE,
            Event.STORE_CLAIMED_FROM_THE_LIVING,
            Event.COMMIT_REFUSED_BY_A_CLOSED_CELL,
            Event.SEATS_REMOVED,
            Event.POWER_CUT,
            Event.KILLED_DURING_BIRTH,
            Event.BORN_WITH_ALL_COMMITTED,
            Event.BORN_WITH_UNCOMMITTED_TAIL,
            Event.TORN_TAIL_CUT,
            Event.CUT_AFTER_LOST_PAGES,
            Event.LOST_THE_END_WITH_THE_POWER,
            Event.LAST_ONE_LEFT,
            Event.SNAPSHOT_TAKEN,
            Event.SEGMENT_REMOVED,
            Event.SEGMENT_GONE_UNDER_A_READER,
            Event.DISK_FULL,
            Event.REFUSED_FOR_WANT_OF_ROOM,
            Event.HOST_CHANGED_ON_A_FULL_DISK,
            Event.ROOM_AGAIN,
            Event.FORCE_FAILED,
            Event.STARTED_AGAIN_AFTER_A_FAILED_FORCE);

    @Test
    void nothingAcknowledgedIsLostAndNothingHappensTwiceWhateverDiesFreezesOrFails() {
        Long seed = Long.getLong("covey.sim.seed");
        if (seed != null) {
            assertThat(failure(seed, Mutant.NONE)).isNull();
            return;
        }
        Tally tally = LongStream.rangeClosed(1, SEEDS)
                .parallel()
                .collect(Tally::new, (sum, next) -> sum.add(lived(next)), Tally::add);
        System.out.printf("simulation of the core, %,d seeds:%n%s", SEEDS, tally);
        if (SEEDS >= 10_000) {
            assertThat(MUST_HAPPEN)
                    .allSatisfy(event ->
                            assertThat(tally.of(event)).as(event.name()).isGreaterThanOrEqualTo(ENOUGH));
        }
    }

    private static Tally lived(long seed) {
        World world = new World(seed, Mutant.NONE, false);
        try {
            world.run();
            return world.tally;
        } catch (RuntimeException wrong) {
            throw new AssertionError(failure(seed, Mutant.NONE), wrong);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void aMeshWithAPlantedMistakeIsFoundOut(Mutant mutant) {
        for (long seed = 1; seed <= MUTANT_SEEDS; seed++) {
            World world = new World(seed, mutant, false);
            try {
                world.run();
            } catch (RuntimeException foundOut) {
                System.out.println(mutant + " is found out by seed " + seed + ": " + foundOut.getMessage());
                return;
            }
        }
        throw new AssertionError(mutant + " survived " + MUTANT_SEEDS + " seeds");
    }

    /** The last steps of a world that goes wrong, in words; null if it does not. */
    private static @Nullable String failure(long seed, Mutant mutant) {
        World world = new World(seed, mutant, true);
        try {
            world.run();
            return null;
        } catch (RuntimeException wrong) {
            return "seed " + seed + " (again: -Dcovey.sim.seed=" + seed + "): " + wrong + System.lineSeparator()
                    + world.trace();
        }
    }
}
