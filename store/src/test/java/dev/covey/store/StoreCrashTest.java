package dev.covey.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.LongFunction;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Everything that an object store and a checkpointer do, on a disk that stops at step 1, 2, 3 …; each time it is looked at
 * as the next process, or the next boot, would find it. More of the same by command:
 * {@code mvn -pl store test -Dtest=StoreCrashTest -Dcovey.crash.states=1000000}, and from another seed on with {@code -Dcovey.crash.seed}.
 */
class StoreCrashTest {
    /** Held here, for the JVM forgets the level of a logger that nobody holds. */
    private static final Logger FILES_LOG = Logger.getLogger(ObjectFiles.class.getName());

    private static final long STATES = Long.getLong("covey.crash.states", 6_000L);
    private static final long FIRST_SEED = Long.getLong("covey.crash.seed", 0L);

    /** A story that can be cut off. */
    interface Story {
        /** Plays to the end, or until the disk stops at this step; returns how many steps it took. */
        long playUntil(long step);

        /** Looks at what is left; throws what is wrong with it. Returns how many states were looked at. */
        int check();
    }

    @BeforeAll
    static void silence() {
        FILES_LOG.setLevel(Level.OFF);
    }

    @Test
    void noWriteOfTheObjectStoreIsLostAtFsyncWhateverThePowerLossLeft() {
        cut(seed -> new CrashingObjects(seed, Durability.FSYNC, true), STATES / 4);
    }

    @Test
    void noWriteOfTheObjectStoreIsLostAtOsWhenProcessesDie() {
        cut(seed -> new CrashingObjects(seed, Durability.OS, false), STATES / 4);
    }

    @Test
    void noRevisionFileBelowThePositionIsLostAtFsyncWhateverThePowerLossLeft() {
        cut(seed -> new CrashingCheckpoints(seed, Durability.FSYNC, true), STATES / 4);
    }

    @Test
    void noRevisionFileBelowThePositionIsLostAtOsWhenProcessesDie() {
        cut(seed -> new CrashingCheckpoints(seed, Durability.OS, false), STATES / 4);
    }

    private static void cut(LongFunction<Story> stories, long states) {
        long seen = 0;
        for (long seed = FIRST_SEED; seen < states; seed++) {
            long steps = stories.apply(seed).playUntil(Long.MAX_VALUE);
            for (long step = 1; step <= steps && seen < states; step++) {
                seen += look(stories.apply(seed), seed, step);
            }
        }
        assertThat(seen).isGreaterThanOrEqualTo(states);
    }

    private static int look(Story story, long seed, long step) {
        story.playUntil(step);
        try {
            return story.check();
        } catch (StoreException | AssertionError e) {
            throw new AssertionError("seed " + seed + " stopped at step " + step, e);
        }
    }
}
