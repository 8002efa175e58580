package dev.covey.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A host that appends, commits, rolls, snapshots, removes and is deposed, on a disk that stops at step 1, 2, 3 …; each time
 * the disk is looked at as the next process, or the next boot, would find it. More of the same by command:
 * {@code mvn -pl store test -Dtest=JournalCrashTest -Dcovey.crash.states=1000000}.
 */
class JournalCrashTest {
    /** Held here, for the JVM forgets the level of a logger that nobody holds. */
    private static final Logger RECOVERY_LOG = Logger.getLogger(JournalRecovery.class.getName());

    private static final long STATES = Long.getLong("covey.crash.states", 105_000L);

    private static final long MUTANT_SEEDS = 200;

    @BeforeAll
    static void silence() {
        RECOVERY_LOG.setLevel(Level.OFF);
    }

    @Test
    void atFsyncNothingAcknowledgedIsLostWhateverThePowerLossLeft() {
        assertThat(cut(Durability.FSYNC, true, STATES / 3)).isGreaterThanOrEqualTo(STATES / 3);
    }

    @Test
    void atOsNothingAcknowledgedIsLostWhenProcessesDie() {
        assertThat(cut(Durability.OS, false, STATES / 3)).isGreaterThanOrEqualTo(STATES / 3);
    }

    @Test
    void atOsAPowerLossLeavesABeginningOfWhatWasAcknowledged() {
        assertThat(cut(Durability.OS, true, STATES / 3)).isGreaterThanOrEqualTo(STATES / 3);
    }

    @Test
    void aRecoveryThatDoesNotForceWhatItBelievesIsCaught() {
        assertThatThrownBy(() -> {
                    for (long seed = 0; seed < MUTANT_SEEDS; seed++) {
                        long steps = mutant(seed).runToTheEnd().steps();
                        for (long step = 1; step <= steps; step++) {
                            mutant(seed).stopAt(step);
                        }
                    }
                })
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("power loss");
    }

    private static CrashingHost mutant(long seed) {
        return new CrashingHost(seed, Durability.FSYNC, true).recoveringWithoutForce();
    }

    private static long cut(Durability durability, boolean powerLoss, long states) {
        long seen = 0;
        for (long seed = 0; seen < states; seed++) {
            CrashingHost.Outcome outcome = new CrashingHost(seed, durability, powerLoss).runToTheEnd();
            for (long step = 1; step <= outcome.steps() && seen < states; step++) {
                seen += new CrashingHost(seed, durability, powerLoss).stopAt(step);
            }
        }
        return seen;
    }
}
