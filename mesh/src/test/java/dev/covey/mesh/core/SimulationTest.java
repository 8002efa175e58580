package dev.covey.mesh.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.covey.mesh.core.Tally.Event;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The core through every accident there is, in worlds that follow from a seed. After every step what was said and applied
 * is held against the {@link Ledger}.
 *
 * <p>{@code -Dcovey.sim.seeds=N} runs N seeds instead of 2,000; {@code -Dcovey.sim.seed=N} runs that one alone, as a
 * failure says it.
 */
class SimulationTest {
    private static final int SEEDS = Integer.getInteger("covey.sim.seeds", 2_000);
    private static final int MUTANT_SEEDS = 500;
    private static final long ENOUGH = 100;
    private static final List<Event> MUST_HAPPEN = List.of(
            Event.TAKE_OVER,
            Event.TAKE_OVER_DURING_TAKE_OVER,
            Event.REPEATED_COMMAND_RECOGNISED,
            Event.ZOMBIE_RECORD_REFUSED,
            Event.CATCH_UP);

    @Test
    void nothingAcknowledgedIsLostAndNothingHappensTwiceWhateverDiesOrFreezes() {
        Long seed = Long.getLong("covey.sim.seed");
        if (seed != null) {
            assertThat(failure(seed, Mutant.NONE)).isNull();
            return;
        }
        Tally tally = new Tally();
        for (long next = 1; next <= SEEDS; next++) {
            World world = new World(next, Mutant.NONE, false);
            try {
                world.run();
            } catch (RuntimeException wrong) {
                throw new AssertionError(failure(next, Mutant.NONE), wrong);
            }
            tally.add(world.tally);
        }
        System.out.printf("simulation of the core, %,d seeds:%n%s", SEEDS, tally);
        if (SEEDS >= 2_000) {
            assertThat(MUST_HAPPEN)
                    .allSatisfy(event ->
                            assertThat(tally.of(event)).as(event.name()).isGreaterThanOrEqualTo(ENOUGH));
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
